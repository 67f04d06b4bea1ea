import { type ExactJson, JsonFraction } from "@writ/canon";

export type JsonFault = "invalid_json" | "duplicate_key" | "non_finite_number";

export type LenientJson =
  | { readonly ok: true; readonly value: ExactJson }
  | { readonly ok: false; readonly fault: JsonFault };

/**
 * Reads JSON (RFC 8259) as the reference reads it, half surrogate pairs among it, with exact numbers; or names the first
 * fault in its order: a word such as `NaN` where it stands, a key given twice where its map ends, and whatever else is
 * no JSON where the text breaks off from it. With `twice` the last of equal keys counts. Nothing that is believed is
 * read with it.
 */
export function readLenientJson(source: string, twice = false): LenientJson {
  const reader: Reader = { twice, open: [], expected: "value", value: null };
  let end = 0;
  for (const { 0: whole, 1: token = "", index } of source.matchAll(TOKEN)) {
    const fault = take(reader, token);
    if (fault !== undefined) return { ok: false, fault };
    end = index + whole.length;
  }
  const isWhole = reader.open.length === 0 && reader.expected === "end" && /^[ \t\n\r]*$/.test(source.slice(end));
  return isWhole ? { ok: true, value: reader.value } : { ok: false, fault: "invalid_json" };
}

/** One token after another, from the start of the text; it ends where no token follows. */
const TOKEN =
  // oxlint-disable-next-line no-control-regex -- texts hold no control character
  /[ \t\n\r]*([{}[\],:]|"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\0-\x1f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)/gy;

interface Reader {
  readonly twice: boolean;
  /** Maps and lists that are not closed yet. */
  readonly open: OpenValue[];
  expected: "value" | "value or close" | "key" | "key or close" | "colon" | "end";
  /** The outermost value, once it is there. */
  value: ExactJson;
}

interface OpenValue {
  readonly close: "}" | "]";
  readonly items: ExactJson[];
  readonly members: Map<string, ExactJson>;
  key: string;
  hasTwice: boolean;
}

function take(reader: Reader, token: string): JsonFault | undefined {
  const { expected } = reader;
  const top = reader.open.at(-1);
  if (token === top?.close && (expected === "end" || expected.endsWith("close"))) return close(reader, top);
  if (expected.startsWith("value")) return takeValue(reader, token);
  if (expected.startsWith("key") && token.startsWith('"') && top !== undefined) {
    top.key = textOf(token);
    top.hasTwice ||= top.members.has(top.key);
    reader.expected = "colon";
  } else if (expected === "colon" && token === ":") reader.expected = "value";
  else if (expected === "end" && token === "," && top !== undefined)
    reader.expected = top.close === "}" ? "key" : "value";
  else return "invalid_json";
  return undefined;
}

function takeValue(reader: Reader, token: string): JsonFault | undefined {
  if (token === "NaN" || token.endsWith("Infinity")) return "non_finite_number";
  if (/^[}\],:]$/.test(token)) return "invalid_json";
  if (token !== "{" && token !== "[") {
    put(reader, scalarOf(token));
    return undefined;
  }
  const isMap = token === "{";
  reader.open.push({ close: isMap ? "}" : "]", items: [], members: new Map(), key: "", hasTwice: false });
  reader.expected = isMap ? "key or close" : "value or close";
  return undefined;
}

function close(reader: Reader, { close: end, items, members, hasTwice }: OpenValue): JsonFault | undefined {
  if (hasTwice && !reader.twice) return "duplicate_key";
  reader.open.pop();
  // Entries, because an own `__proto__` must become a member.
  put(reader, end === "]" ? items : Object.fromEntries(members));
  return undefined;
}

function put(reader: Reader, value: ExactJson): void {
  const top = reader.open.at(-1);
  if (top === undefined) reader.value = value;
  else if (top.close === "]") top.items.push(value);
  else top.members.set(top.key, value);
  reader.expected = "end";
}

function scalarOf(token: string): ExactJson {
  if (token.startsWith('"')) return textOf(token);
  if (token === "true" || token === "false") return token === "true";
  if (token === "null") return null;
  if (/[.eE]/.test(token)) return new JsonFraction(token);
  const value = Number(token);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return BigInt(token);
}

/** The platform reads one text well; of keys in a map it may take one for another (V8 13.6), so that it never sees a map. */
function textOf(token: string): string {
  return token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
}
