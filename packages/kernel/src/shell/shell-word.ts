import type { SourceSpan } from "./report.ts";

/** A word of a command after quoting and brace expansion, as far as it is known before the command runs. */
export interface ShellWord {
  /** The whole word, or null where part of it is computed. */
  readonly text: string | null;
  /** What is known of its beginning and of its end. */
  readonly prefix: string;
  readonly suffix: string;
  /** It may become no word or several: an unquoted expansion. */
  readonly several: boolean;
  /** File names that match a pattern: what is computed is some existing path. */
  readonly glob: boolean;
  /** Its possible values stand elsewhere in the line, or come from a listing of files. */
  readonly traced: boolean;
  /** As written. */
  readonly raw: string;
  readonly span: SourceSpan;
}

export function literalWord(text: string, span: SourceSpan): ShellWord {
  return { text, prefix: text, suffix: text, several: false, glob: false, traced: true, raw: text, span };
}

/** A word of which nothing but its beginning is known. */
export function computedWord(prefix: string, span: SourceSpan, traits: Partial<ShellWord> = {}): ShellWord {
  return {
    text: null,
    prefix,
    suffix: "",
    several: false,
    glob: false,
    traced: false,
    raw: prefix,
    span,
    ...traits,
  };
}

/** Whether the program could take the word for an option. */
export function mayBeOption({ text, prefix, several }: ShellWord): boolean {
  if (text !== null) return text.startsWith("-") && text !== "-";
  return several || prefix === "" || prefix.startsWith("-");
}
