import { toHex, fromBase64 } from "./encoding.ts";
import type { Finding, VerifyResult, Where } from "./verdict.ts";

/** A result as text for people: verdict first, then what was checked, what was found, and what is not promised. */
export function formatResult(result: VerifyResult, name: string): string {
  const { verdicts, findings, findingsOmitted, cosignatures, notProven } = result;
  const lines = [
    `${headline(result)}: ${name}`,
    "",
    `  log           ${result.origin ?? "not known"}`,
    `  size          ${result.size ?? "not known"}`,
    `  root          ${result.root === null ? "not known" : toHex(fromBase64(result.root))}`,
    `  entries       ${result.entries} checked, ${result.opened} private fields opened`,
    `  integrity     ${word(verdicts.integrity)}`,
    `  completeness  ${word(verdicts.completeness)}`,
    `  policy        ${word(verdicts.policy)}`,
    ...cosignatures.map(({ name: witness, time }) => `  seen by       ${witness} at ${instant(time)}`),
  ];
  if (findings.length > 0) lines.push("", "Findings:", ...findings.map(findingLine));
  if (findingsOmitted > 0) lines.push(`  and ${findingsOmitted} more`);
  lines.push("", "Not proven by this:", ...notProven.map((text) => `  - ${text}`));
  return `${lines.join("\n")}\n`;
}

function headline({ exitCode }: VerifyResult): string {
  if (exitCode === 0) return "GOOD";
  if (exitCode === 4) return "CHANGED OR INCONSISTENT";
  return exitCode === 6 ? "POLICY NOT MET" : "INCOMPLETE";
}

function word(verdict: string): string {
  return verdict.replace("_", " ");
}

/** Text out of the file goes to a terminal: anything that could steer one is shown as a code point. */
function findingLine({ code, aspect, where, what, lastGoodSize }: Finding): string {
  const good = lastGoodSize === undefined ? "" : ` (good up to size ${lastGoodSize})`;
  const safe = what.replace(/[\p{Cc}\p{Cf}]/gu, (unit) => `\\u{${unit.codePointAt(0)?.toString(16) ?? ""}}`);
  return `  ${code} (${aspect})${place(where)}: ${safe}${good}`;
}

function place(where: Where): string {
  const parts = Object.entries(where).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? "" : ` at ${parts.join(", ")}`;
}

function instant(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString();
}
