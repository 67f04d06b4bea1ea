import { reread, type Reading } from "./reading.ts";

/** Decoding in decoding is followed this far: JSON in JSON in a query. */
const LAYERS_MAX = 4;

/** The text as it is decoded: without JSON's escapes and without percent-encoding, layer by layer. */
export function decodedReadings(text: string): readonly Reading[] {
  const readings: Reading[] = [{ text }];
  for (let layer = 0; layer < LAYERS_MAX; layer++) {
    const last = readings.at(-1) ?? { text };
    const next = unescaped(last) ?? percentDecoded(last);
    if (next === undefined) break;
    readings.push(next);
  }
  return readings;
}

/** The text as a shell or a compiler joins it: `"ab" + "cd"`, `'ab''cd'`, a line that a backslash or a margin broke. */
export function joinedReading(text: string): Reading | undefined {
  return reread({ text }, JOINTS, () => "");
}

const JOINTS = new RegExp(
  [
    String.raw`(["'])[ \t]{0,16}(?:[+.&][ \t]{0,16})?(?:\\?\r?\n[ \t]{0,64})?(?:[+.&][ \t]{0,16})?\1`,
    String.raw`["'\x60]`,
    String.raw`\\\r?\n[ \t]{0,64}`,
    // A long run that goes on alone in the next line, as base64 and mails break it.
    String.raw`(?<=[A-Za-z0-9+/_-]{24})=?\r?\n[ \t]{0,64}(?=(?=[A-Za-z+/_-]{0,255}[0-9=])[A-Za-z0-9+/_=-]{4,256}(?:[\s"']|$))`,
    String.raw`(?<=[A-Za-z0-9+/_-]{56})=?\r?\n[ \t]{0,64}(?=[A-Za-z0-9+/_=-]{4,256}(?:[\s"']|$))`,
    // Characters that nobody sees.
    String.raw`[\u200b-\u200f\u2060\ufeff\u00ad]`,
  ].join("|"),
  "g",
);

function unescaped(reading: Reading): Reading | undefined {
  return reread(reading, /\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["'`\\/nrtbf])/g, (found) => {
    if (found.length > 2) return String.fromCharCode(Number.parseInt(found.slice(2), 16));
    return SIMPLE[found.charAt(1)] ?? found.charAt(1);
  });
}

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** Byte by byte: whatever is more than ASCII is no part of a token. */
function percentDecoded(reading: Reading): Reading | undefined {
  return reread(reading, /%[0-9a-fA-F]{2}/g, (found) => String.fromCharCode(Number.parseInt(found.slice(1), 16)));
}
