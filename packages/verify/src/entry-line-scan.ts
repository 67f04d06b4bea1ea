import { asciiOf, BACKSLASH, isDigit, QUOTE } from "./canonical-scan.ts";
import type { EntryScan } from "./entry-scan.ts";

const PREFIX = asciiOf('{"entry":"');
const INDEX = asciiOf('","index":');
/** Up to 15 digits are below 2^53. */
const INDEX_DIGITS_MAX = 15;

/**
 * The short way for `{"entry":"…","index":n}` and its newline: the index, with the entry scanned; undefined unless the line
 * and the entry in it surely are canonical. A canonical entry holds no control characters, so the line's string has its one
 * form exactly if nothing but quotes and backslashes is escaped in it.
 */
export function scanEntryLine(line: Uint8Array, scan: EntryScan): number | undefined {
  const last = line.length - 2;
  if (!holds(line, 0, PREFIX) || line[last] !== 0x7d || line[last + 1] !== 0x0a) return undefined;
  let digits = last;
  while (digits > 0 && isDigit(line[digits - 1] ?? 0)) digits -= 1;
  const end = digits - INDEX.length;
  const width = last - digits;
  if (width === 0 || width > INDEX_DIGITS_MAX || (width > 1 && line[digits] === 0x30)) return undefined;
  if (end < PREFIX.length || !holds(line, end, INDEX)) return undefined;
  const length = unescape(line, PREFIX.length, end, scan.room);
  return length >= 0 && scan.scanRoom(length) ? numberAt(line, digits, last) : undefined;
}

/** 1 for a backslash: the byte after it is the one that is meant. */
const SKIPS = Uint8Array.from({ length: 256 }, (_, byte) => (byte === BACKSLASH ? 1 : 0));
/** 1 for what may not be: a bare quote in the first half, in the second an escape of anything but a quote or backslash. */
const REFUSED = Uint8Array.from({ length: 512 }, (_, at) => {
  const isMark = at % 256 === QUOTE || at % 256 === BACKSLASH;
  return (at < 256 ? at === QUOTE : !isMark) ? 1 : 0;
});

/**
 * Writes the JSON string between two places to `room`; how long it is, or -1 for a rare escape or too long a text. Without
 * branches on the bytes: where the escapes stand cannot be predicted, and a wrong guess costs as much as ten bytes.
 */
function unescape(line: Uint8Array, from: number, to: number, room: Uint8Array): number {
  const most = room.length;
  let length = 0;
  let refused = 0;
  let at = from;
  while (at < to && length < most) {
    const skip = SKIPS[line[at] ?? 0] ?? 0;
    const byte = line[at + skip] ?? 0;
    refused |= REFUSED[(skip << 8) | byte] ?? 1;
    room[length] = byte;
    length += 1;
    at += 1 + skip;
  }
  // Beyond `to` if the last backslash escapes the quote that should end the string.
  return at === to && refused === 0 ? length : -1;
}

function numberAt(line: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + (line[at] ?? 0) - 0x30;
  return number;
}

function holds(line: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let offset = 0; offset < wanted.length; offset += 1) if (line[at + offset] !== wanted[offset]) return false;
  return true;
}
