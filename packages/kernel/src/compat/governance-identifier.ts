/** Longest identifier in characters; the string bound of spec kernel.md §2.4. */
const LENGTH_MAX = 65_536;

/** An identifier of governance records is visible ASCII: look-alikes of other scripts never name the same thing twice. */
export function isGovernanceIdentifier(value: unknown): value is string {
  return typeof value === "string" && value.length <= LENGTH_MAX && /^[!-~]+$/.test(value);
}
