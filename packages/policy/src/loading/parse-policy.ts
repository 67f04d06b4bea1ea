import { isWritError } from "@writ/canon";

import { callOfficial, type OfficialFault } from "../official/official-engine.ts";
import type { PolicyPart } from "./policy-text.ts";
import { policyRefusal } from "../refusal.ts";
import { textPosition } from "./text-position.ts";
import type { SourceFile } from "../types.ts";

/** The parts of the official JSON form that loading reads. */
export interface PolicyJson {
  readonly effect: "permit" | "forbid";
  readonly annotations?: Readonly<Record<string, string | null>>;
}

/** One policy's characters; the longest shipped one has under 2,000. */
const POLICY_CHARS_MAX = 65_536;
/** Nesting of brackets; the official parser's stack ends at about 120. */
const POLICY_DEPTH_MAX = 64;

/** One policy or template in the official JSON form, or `POLICY_SYNTAX` with file, line and column. */
export function parsePolicy(file: SourceFile, part: PolicyPart): PolicyJson {
  if (part.text.length > POLICY_CHARS_MAX) throw tooLarge(file, part, "is longer", POLICY_CHARS_MAX);
  if (part.depth > POLICY_DEPTH_MAX) throw tooLarge(file, part, "is nested deeper", POLICY_DEPTH_MAX);
  try {
    const answer = callOfficial(part.template ? "templateToJson" : "policyToJson", part.text);
    if (answer.type === "failure") throw syntaxRefusal(file, part, answer.errors);
    return answer["json"] as PolicyJson;
  } catch (error) {
    if (isWritError(error, "POLICY_ENGINE")) throw tooLarge(file, part, "is more complex");
    throw error;
  }
}

/** Line and column of a byte offset the official engine reported within a part. */
export function faultPosition(
  file: SourceFile,
  part: PolicyPart,
  fault: OfficialFault | undefined,
): { readonly line: number; readonly column: number } {
  const start = fault?.sourceLocations?.[0]?.start;
  if (start === undefined) return part;
  return textPosition(file.text, Buffer.byteLength(file.text.slice(0, part.start), "utf8") + start);
}

function syntaxRefusal(file: SourceFile, part: PolicyPart, faults: readonly OfficialFault[]): Error {
  const fault = faults[0];
  const { line, column } = faultPosition(file, part, fault);
  const expected = fault?.sourceLocations?.[0]?.label;
  return policyRefusal(
    "POLICY_SYNTAX",
    `\`${file.name}:${line}:${column}\`: ${fault?.message ?? "the policy does not parse"}`,
    fault?.help ?? expected ?? "correct the policy at this place",
    { file: file.name, line, column },
  );
}

function tooLarge(file: SourceFile, part: PolicyPart, what: string, limit?: number): Error {
  const { line, column } = part;
  const bound = limit === undefined ? "" : ` (bound ${limit})`;
  return policyRefusal(
    "POLICY_TOO_LARGE",
    `\`${file.name}:${line}:${column}\`: the policy ${what} than the official engine can bear${bound}`,
    "split the policy into several",
    { file: file.name, line, column, ...(limit !== undefined && { limit }) },
  );
}
