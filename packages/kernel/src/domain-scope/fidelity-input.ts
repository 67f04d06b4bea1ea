import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** What an execution says of its hosts. */
export interface FidelityInput {
  readonly target: string;
  readonly args: readonly string[];
  readonly plan: readonly { readonly args: readonly string[]; readonly stdin: string }[];
  readonly targetInScope: boolean | undefined;
}

/** Reads the reference's form. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseFidelityInput(value: ExactJson): FidelityInput {
  const flag = member(value, "target_in_scope") ?? undefined;
  if (flag !== undefined && typeof flag !== "boolean") throw recordRefusal("invalid_boolean_field:target_in_scope", 11);
  return {
    target: textOr(value, "target_host") || textOr(value, "target"),
    args: textList(member(value, "normalized_args")),
    plan: listOf(member(value, "execution_plan")).map((step) => {
      if (!isExactRecord(step)) throw recordRefusal("invalid_execution_shape", 12);
      return { args: textList(member(step, "args")), stdin: textOr(step, "stdin") };
    }),
    targetInScope: flag,
  };
}

function listOf(value: ExactJson | undefined): readonly ExactJson[] {
  if (value === undefined || value === null) return [];
  if (!isExactList(value)) throw recordRefusal("invalid_execution_shape", 12);
  return value;
}

function textOr(value: ExactJson | undefined, key: string): string {
  const found = member(value, key) ?? "";
  if (typeof found !== "string") throw recordRefusal("invalid_execution_shape", 12);
  return found;
}

function textList(value: ExactJson | undefined): readonly string[] {
  return listOf(value).map((item) => {
    if (typeof item !== "string") throw recordRefusal("invalid_execution_shape", 12);
    return item;
  });
}
