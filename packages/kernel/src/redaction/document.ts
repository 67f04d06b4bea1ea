import { parseJsonExact, type ExactJson } from "@writ/canon";
import { sameExact } from "../compat/exact-record.ts";
import { exactJsonText } from "./exact-json-text.ts";
import { SECRET_MARK } from "./secret-mark.ts";
import { redactSecretText } from "./secret-text.ts";
import { redactSecrets } from "./secret-value.ts";
import { onRefusal } from "../on-refusal.ts";

/** A redacted document. */
export interface RedactedDocument {
  readonly form: "json" | "json_lines" | "text";
  readonly status: "redacted" | "unchanged";
  /** How many marks it holds that the source did not. */
  readonly marks: number;
  readonly text: string;
}

/**
 * A document with every secret replaced: JSON by its structure, JSON lines line by line, all else as text. What holds
 * no secret comes back byte for byte; JSON that does is written anew, indented as before or not at all.
 */
export function redactDocument(source: string): RedactedDocument {
  const value = parsed(source);
  const [form, text] = value === undefined ? redactLines(source) : (["json", redactJson(source, value)] as const);
  const marks = Math.max(0, occurrences(text) - occurrences(source));
  return { form, status: text === source ? "unchanged" : "redacted", marks, text };
}

function redactJson(source: string, value: ExactJson): string {
  const redacted = redactSecrets(value);
  if (sameExact(value, redacted)) return source;
  const indent = /^\s*[[{]\r?\n([ \t]{1,8})/.exec(source)?.[1];
  return `${exactJsonText(redacted, indent)}${/\n\s*$/.test(source) ? "\n" : ""}`;
}

/** Text, in which lines of JSON are read as JSON first: names there stand apart from their values. */
function redactLines(source: string): readonly [RedactedDocument["form"], string] {
  let json = 0;
  const lines = source.split("\n").map((line) => {
    const value = /^\s*[[{]/.test(line) ? parsed(line) : undefined;
    if (value === undefined) return line;
    json++;
    return redactJson(line, value);
  });
  const filled = lines.filter((line) => line.trim() !== "").length;
  return [json > 0 && json === filled ? "json_lines" : "text", redactSecretText(lines.join("\n"))];
}

function parsed(text: string): ExactJson | undefined {
  return onRefusal(
    () => parseJsonExact(text),
    () => undefined,
  );
}

function occurrences(text: string): number {
  return text.split(SECRET_MARK).length - 1;
}
