import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { canonicalValue, cedarInteger, floatKey, isInteger } from "./cedar-value.ts";
import type { PolicyPack } from "./compile.ts";
import type { PackInputs } from "./evaluate.ts";
import { invariantsOf } from "./invariants.ts";

/**
 * The Cedar context in which `cedarPolicies(pack)` judges a request: the invariants, and for each path the pack names
 * and the request has, the value in the forms a policy compares. Throws `GOVERNANCE_RECORD_INVALID` with
 * `untranslatable_policy_*` for a value that would lose its meaning.
 */
export function cedarContext(pack: PolicyPack, inputs: PackInputs): ExactRecord {
  const paths = new Set(pack.rules.flatMap(({ conditions }) => conditions.map(({ path }) => path)));
  const found = [...paths].flatMap((path) => {
    const value = lookUp(inputs, path);
    return value === undefined ? [] : [[path, formsOf(value)] as const];
  });
  return { invariants: { ...invariantsOf(inputs) }, ...Object.fromEntries(found) };
}

function lookUp(inputs: PackInputs, path: string): ExactJson | undefined {
  let found: ExactJson | undefined = { ...inputs };
  for (const segment of path.split(".")) found = member(found, segment);
  return found;
}

function formsOf(value: ExactJson): ExactRecord {
  const canonical = canonicalValue(value);
  if (typeof value === "string") return { canonical, text: wellFormed(value) };
  if (isExactList(value)) return { canonical, items: [...new Set(value.map(canonicalValue))] };
  if (value instanceof JsonFraction) return { canonical, float: floatKey(value.value) };
  if (!isInteger(value)) return { canonical };
  const integer = cedarInteger(value);
  if (integer === undefined) throw recordRefusal("untranslatable_policy_number");
  return { canonical, integer };
}

function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw recordRefusal("untranslatable_policy_text");
  return text;
}
