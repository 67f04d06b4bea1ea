import type { JsonValue } from "@writ/canon";
import { auditorArguments, inputSummary } from "./auditor-text.ts";
import type { PreparedSpec, SpecStep } from "./prepared-record.ts";

/** A prepared spec as an auditor gets it: no standard input, no cookie, no password, no secret of a known form (spec kernel.md §12). */
export function auditorView(spec: PreparedSpec): JsonValue {
  const { stdin, normalized_args: args, execution_plan: plan, request_decoration: decoration, ...rest } = spec;
  return {
    ...(rest as unknown as { readonly [key: string]: JsonValue }),
    normalized_args: auditorArguments(spec.resolved_tool, args),
    ...inputSummary(stdin),
    execution_plan: plan.map(stepView),
    request_decoration: {
      mode: decoration.mode,
      headers: decoration.headers.map((header) => ({ ...header })),
      cookies: decoration.cookies.map(({ name, secret_ref: reference }) => ({
        name,
        value: "<redacted>",
        secret_ref: reference,
      })),
      basic_auth: decoration.basic_auth === null ? null : { ...decoration.basic_auth },
    },
  };
}

function stepView({ tool, role, args, stdin }: SpecStep): JsonValue {
  return { tool, role, args: auditorArguments(tool, args), ...inputSummary(stdin) };
}
