import { fromBase64, isWritError, toBase64, toHex } from "@writ/canon";

import { signerError } from "./signer-error.ts";
import { isKeyName } from "./vkey.ts";

/** One signature line, not yet checked. */
export interface NoteLine {
  readonly name: string;
  /** Key id: eight lower-case hexadecimal digits. */
  readonly id: string;
  /** What follows the id: 1 byte or more. */
  readonly signature: Uint8Array;
}

/** Text, and who says to have signed it (C2SP signed-note). */
export interface Note {
  /** Ends in a newline; what signatures cover. */
  readonly text: string;
  /** 1 to 64 lines, in order. */
  readonly lines: readonly NoteLine[];
}

/** Longest note in UTF-8 bytes (spec ledger.md §12). */
export const NOTE_BYTES_MAX = 262_144;
/** Most signature lines (spec ledger.md §12; C2SP asks for 16 at least). */
export const NOTE_LINES_MAX = 64;
const DASH = "\u2014 ";
/** Four bytes of id and one of signature. */
const LINE_BYTES_MIN = 5;

/** The parts of a signed note. Nothing in it is to be believed before `openNote`. Throws `NOTE_INVALID`. */
export function parseNote(input: string | Uint8Array): Note {
  const note = decode(input);
  const split = note.lastIndexOf("\n\n");
  if (split < 0) throw invalidNote("there is no empty line before the signatures");
  const text = note.slice(0, split + 1);
  const signatures = note.slice(split + 2);
  if (!signatures.endsWith("\n")) throw invalidNote("the last line does not end");
  const lines = signatures.slice(0, -1).split("\n", NOTE_LINES_MAX + 1);
  if (lines.length > NOTE_LINES_MAX) throw invalidNote(`there are more than \`${NOTE_LINES_MAX}\` signatures`);
  return { text, lines: lines.map(parseLine) };
}

/** The note's text form. Throws `NOTE_INVALID` for parts that `parseNote` would not give back. */
export function formatNote(note: Note): string {
  if (!isNoteText(note.text)) throw invalidNote("the text does not end in a newline, or holds control characters");
  if (note.lines.length === 0 || note.lines.length > NOTE_LINES_MAX) throw invalidNote("no or too many signatures");
  const text = note.text + "\n" + note.lines.map(formatLine).join("");
  if (new TextEncoder().encode(text).length > NOTE_BYTES_MAX) throw invalidNote("the note is too long");
  return text;
}

/** True for what may stand above signatures: ends in a newline, no other control character, well-formed. */
export function isNoteText(text: string): boolean {
  return text.endsWith("\n") && text.isWellFormed() && !hasControl(text);
}

function decode(input: string | Uint8Array): string {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input.slice(0, NOTE_BYTES_MAX + 1)) : input;
  if (bytes.length > NOTE_BYTES_MAX) throw invalidNote(`the note is longer than \`${NOTE_BYTES_MAX}\` bytes`);
  const text = typeof input === "string" ? input : utf8OrNothing(input);
  if (text === undefined || !text.isWellFormed()) throw invalidNote("the note is not UTF-8");
  if (hasControl(text)) throw invalidNote("the note holds control characters");
  return text;
}

function utf8OrNothing(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function hasControl(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
  return /[\u0000-\u0009\u000b-\u001f]/.test(text);
}

function parseLine(line: string): NoteLine {
  if (!line.startsWith(DASH)) throw invalidNote("a signature line does not start with an em dash and a space");
  const space = line.indexOf(" ", DASH.length);
  const name = line.slice(DASH.length, space < 0 ? undefined : space);
  if (space < 0 || !isKeyName(name)) throw invalidNote("a signature line has no key name");
  const bytes = signatureBytes(line.slice(space + 1));
  if (bytes.length < LINE_BYTES_MIN) throw invalidNote("a signature line has no signature");
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) };
}

function signatureBytes(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch (error) {
    throw isWritError(error) ? invalidNote("a signature is not base64", error) : error;
  }
}

function formatLine(line: NoteLine): string {
  if (!isKeyName(line.name) || !/^[0-9a-f]{8}$/.test(line.id) || line.signature.length === 0) {
    throw invalidNote("a signature line has no proper name, id or signature");
  }
  const bytes = new Uint8Array(4 + line.signature.length);
  for (let at = 0; at < 4; at++) bytes[at] = Number.parseInt(line.id.slice(at * 2, at * 2 + 2), 16);
  bytes.set(line.signature, 4);
  return `${DASH}${line.name} ${toBase64(bytes)}\n`;
}

function invalidNote(message: string, cause?: unknown): Error {
  return signerError({
    code: "NOTE_INVALID",
    message,
    reason: "a signed note is text, an empty line and signature lines (C2SP signed-note)",
    next: "get the note again from where it was published",
    cause,
  });
}
