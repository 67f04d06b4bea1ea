import { jsonRefusal } from "./json-refusal.ts";

/**
 * The input as well-formed UTF-16, at most `maxBytes` long in UTF-8. Throws `JSON_SIZE`, `JSON_UTF8` or
 * `JSON_SURROGATE`.
 */
export function decodeJsonText(input: string | Uint8Array, maxBytes: number): string {
  if (typeof input === "string") return checkedText(input, maxBytes);
  if (input.length > maxBytes) throw tooLong(maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    throw jsonRefusal("JSON_UTF8", "the bytes are not UTF-8", firstWrongByte(input));
  }
}

/** Length in UTF-8 bytes of the first `end` units of well-formed text. */
export function utf8Length(text: string, end: number): number {
  let bytes = end;
  for (let index = 0; index < end; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes, so each half adds one.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

function checkedText(text: string, maxBytes: number): string {
  const long = text.length > maxBytes || (text.length * 3 > maxBytes && utf8Length(text, text.length) > maxBytes);
  if (long) throw tooLong(maxBytes);
  if (!text.isWellFormed()) {
    throw jsonRefusal("JSON_SURROGATE", "half of a surrogate pair", firstLoneSurrogate(text));
  }
  return text;
}

function tooLong(maxBytes: number): Error {
  return jsonRefusal("JSON_SIZE", `the text is longer than \`${maxBytes}\` bytes`, maxBytes, maxBytes);
}

function firstLoneSurrogate(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(index + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return index;
    index++;
  }
  return text.length;
}

/** Where the well-formed prefix ends, by Table 3-7 of the Unicode Standard. */
function firstWrongByte(bytes: Uint8Array): number {
  let index = 0;
  while (index < bytes.length) {
    const length = sequenceLength(bytes, index);
    if (length === 0) return index;
    index += length;
  }
  return index;
}

function sequenceLength(bytes: Uint8Array, at: number): 0 | 1 | 2 | 3 | 4 {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (lead >= 0xc2 && lead <= 0xdf) return isContinuation(second) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isContinuation(bytes[at + 2]) ? 3 : 0;
  }
  if (lead < 0xf0 || lead > 0xf4) return 0;
  const low = lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xf4 ? 0x8f : 0xbf;
  const inside = second >= low && second <= high;
  return inside && isContinuation(bytes[at + 2]) && isContinuation(bytes[at + 3]) ? 4 : 0;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf;
}
