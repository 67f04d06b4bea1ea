import { stripSpace } from "./python-text.ts";

/** Longest identifier in characters; the string bound of spec kernel.md §2.4. */
const LENGTH_MAX = 65_536;

/** An identifier of governance records is ASCII that says something: look-alikes of other scripts never name the same thing twice. */
export function isGovernanceIdentifier(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= LENGTH_MAX && /^[\0-\x7f]+$/.test(value) && stripSpace(value) !== ""
  );
}
