import { parse, type ParsedScript } from "unbash";
import { coversSource } from "./coverage.ts";
import type { OpaqueReason } from "./report.ts";

export type ParsedText =
  | { readonly ok: true; readonly script: ParsedScript }
  | { readonly ok: false; readonly reason: OpaqueReason };

/**
 * Characters that make a text look like another: control characters, blanks that are none to the shell, and marks that
 * are invisible or turn the reading direction (Unicode TR 36, "Trojan source").
 */
const DECEPTIVE = /(?![\t\n ])[\ufffd\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/u;

/** Reads Bash. A text with any error, or with any part the tree does not account for, is not read at all. */
export function parseShellText(text: string): ParsedText {
  if (isDeceptive(text)) return { ok: false, reason: "deceptive_text" };
  let script: ParsedScript;
  try {
    script = parse(text);
  } catch {
    return { ok: false, reason: "parse_error" };
  }
  if ((script.errors ?? []).length > 0) return { ok: false, reason: "parse_error" };
  if (!coversSource(script, text)) return { ok: false, reason: "text_not_covered" };
  return { ok: true, script };
}

/** U+FFFD stands where bytes could not be read. */
export function isDeceptive(text: string): boolean {
  return DECEPTIVE.test(withoutEmojiMarks(text));
}

/** Inside a pictograph, a joiner and the mark for its coloured form only choose the picture. */
function withoutEmojiMarks(text: string): string {
  return text.replace(/(\p{Extended_Pictographic})(?:\ufe0f)?(?:\u200d(?=\p{Extended_Pictographic}))?/gu, "$1");
}
