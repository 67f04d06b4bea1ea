import { assert, array, constantFrom, dictionary, integer, jsonValue, oneof, property, string } from "fast-check";
import { expect, test } from "vitest";

import { canonicalize, parseEntry } from "../src/index.ts";
import type { Json } from "../src/index.ts";
import { readScanned } from "../src/entry-reader.ts";
import { EntryScan } from "../src/entry-scan.ts";
import { scanEntryLine } from "../src/entry-line-scan.ts";
import { parseBundleLine } from "../src/bundle-line.ts";
import { canonicalText, entryText } from "./support/log-maker.ts";

const scan = new EntryScan();
const isEntry = (text: string): boolean => {
  try {
    parseEntry(text);
    return true;
  } catch {
    return false;
  }
};
const good = entryText({ n: 7, run: "run-1", data: { a: [1, -2, { b: null, c: 'x"y\\z\n' }], tool: "shell" } });

test("an ordinary entry is scanned, and read the same", () => {
  expect(scan.scan(good)).toBe(true);
  const entry = parseEntry(good);
  expect({ id: scan.emitter, n: scan.counter }).toEqual(entry.src);
  expect(scan.run).toBe(entry.run);
  expect(scan.hasId(Buffer.from(entry.id.replaceAll("-", ""), "hex"))).toBe(true);
  expect(scan.hasId(Buffer.alloc(16))).toBe(false);
});

test("law: what the scan accepts is an entry, and it says the same of it", () => {
  const odd = constantFrom(
    "",
    " ",
    "\n",
    '"',
    "\\",
    "\\u0041",
    "\\/",
    "0",
    "1.0",
    "1e3",
    "-0",
    "é",
    "\u{1f600}",
    "\ud800",
    "{",
    "}",
    "[",
    ",",
    ":",
    '"a":1,',
    "true",
    "9".repeat(17),
  );
  const edited = integer({ min: 0, max: good.length }).chain((at) =>
    oneof(odd, string({ maxLength: 3 })).chain((put) =>
      integer({ min: 0, max: 4 }).map((gone) => good.slice(0, at) + put + good.slice(at + gone)),
    ),
  );
  const built = dictionary(string({ maxLength: 4 }), jsonValue({ maxDepth: 3 })).map((data) =>
    good.replace(/"data":\{.*?\},"id"/, () => `"data":${canonicalize(data as Json)},"id"`),
  );
  let accepted = 0;
  assert(
    property(oneof(edited, built), (text) => {
      if (!scan.scan(text) || scan.needsReading) return;
      accepted += 1;
      const entry = parseEntry(text);
      expect([scan.emitter, scan.counter, scan.run]).toEqual([entry.src.id, entry.src.n, entry.run]);
    }),
    { numRuns: 20_000 },
  );
  console.log(`entry scan: 20000 texts, ${accepted} accepted, all of them entries`);
});

test("law: a line that is scanned is the line that is parsed", () => {
  const line = Buffer.from(`${canonicalText({ entry: good, index: 7 })}\n`);
  const scanned = (bytes: Uint8Array): { text: string; index: number } | undefined => {
    const index = scanEntryLine(bytes, scan);
    return index === undefined ? undefined : { text: Buffer.from(scan.leafInput.subarray(1)).toString(), index };
  };
  expect(scanned(line)).toEqual({ text: good, index: 7 });
  assert(
    property(
      integer({ min: 0, max: line.length - 1 }),
      array(integer({ min: 0, max: 255 }), { maxLength: 3 }),
      (at, put) => {
        const changed = Buffer.concat([line.subarray(0, at), Buffer.from(put), line.subarray(at + (put.length % 2))]);
        const found = scanned(changed);
        if (found === undefined) return;
        expect(parseBundleLine(changed.subarray(0, -1))).toEqual({ type: "entry", ...found });
        if (!scan.needsReading) expect(isEntry(found.text)).toBe(true);
      },
    ),
    { numRuns: 20_000 },
  );
});

test("law: over changed bytes of many entries, both ways agree wherever the scan says yes", () => {
  const texts = [
    good,
    entryText({ n: 3, data: { é: "über", z: "日本", "~": "\u007f\u0080\u2028" } }),
    entryText({ n: 4, data: { a: { b: [[], {}, [{ c: "\t\b\f\r" }]] } }, refs: [] }),
    entryText({ n: 5, kind: "policy.decision", run: "", data: { n: 999_999_999_999_999, m: -7, t: true, f: null } }),
  ].map((text) => Buffer.from(text));
  const odd = [0, 0x0a, 0x20, 0x22, 0x2c, 0x2d, 0x30, 0x3a, 0x5c, 0x5d, 0x75, 0x7d, 0x80, 0xbf, 0xc0, 0xed, 0xef, 0xf0];
  let accepted = 0;
  const law = property(
    integer({ min: 0, max: texts.length - 1 }),
    integer({ min: 0, max: 399 }),
    array(oneof(integer({ min: 0, max: 255 }), constantFrom(...odd)), { maxLength: 3 }),
    integer({ min: 0, max: 3 }),
    (which, place, put, gone) => {
      const bytes = texts[which] ?? Buffer.alloc(0);
      const at = place % bytes.length;
      const changed = Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + gone)]);
      scan.room.set(changed);
      if (!scan.scanRoom(changed.length)) return;
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(changed);
      expect(canonicalize(JSON.parse(text) as Json)).toBe(text);
      expect(Buffer.from(scan.leafInput)).toEqual(Buffer.concat([Buffer.of(0), changed]));
      if (scan.needsReading) return;
      accepted += 1;
      const entry = parseEntry(text);
      expect([scan.emitter, scan.counter, scan.run]).toEqual([entry.src.id, entry.src.n, entry.run]);
      expect(scan.hasId(Buffer.from(entry.id.replaceAll("-", ""), "hex"))).toBe(true);
    },
  );
  assert(law, { numRuns: 30_000 });
  for (const bytes of texts) expect(scan.scan(bytes.toString())).toBe(true);
  expect(accepted).toBeGreaterThan(500);
  console.log(`entry scan: 30000 byte texts, ${accepted} accepted, all of them entries`);
});

test.each([
  ["unsorted keys", good.replace('"a":', '"z":')],
  ["a doubled key", good.replace('"tool":', '"a":1,"tool":')],
  ["a fraction", good.replace("[1,", "[1.5,")],
  ["minus zero", good.replace("[1,", "[-0,")],
  ["a needless escape", good.replace("shell", "\\u0073hell")],
  ["an unknown field", good.replace('"v":1', '"u":1,"v":1')],
  ["white space", good.replace('"v":1', '"v": 1')],
  ["another version", good.replace('"v":1', '"v":2')],
  ["a name that is no text", good.replace('"tenant":"local"', '"tenant":1')],
  ["an unknown member of `who`", good.replace('"tenant":"local"', '"tenant":"local","user":"u"')],
  ["an agent that is no text", good.replace('"who":{', '"who":{"agent":1,')],
  ["a doubled member of `who`", good.replace('"tenant":"local"', '"tenant":"local","tenant":"local"')],
  ["an unknown kind", good.replace("x.note", "y.note")],
  ["deep nesting", good.replace("[1,", `${"[".repeat(16)}1${"]".repeat(16).slice(1)},`)],
])("%s is not accepted, by the scan or the parser", (_name, text) => {
  expect(scan.scan(text)).toBe(false);
  expect(isEntry(text)).toBe(false);
});

test("all four members of `who` are scanned", () => {
  const who = { agent: "a", approver: "b", on_behalf_of: "c", tenant: "d" };
  const text = canonicalText({ ...(JSON.parse(good) as object), who });
  expect([scan.scan(text), parseEntry(text).tenant]).toEqual([true, "d"]);
});

test("a reference with an unknown member is refused by either reader", () => {
  const text = entryText({ n: 7, refs: [{ rel: "answers", id: "x" }] });
  const more = text.replace('"rel":"answers"', '"rel":"answers","to":"y"');
  expect(readScanned(text, scan.scan(text), scan).refs).toEqual([{ rel: "answers", id: "x" }]);
  expect(() => readScanned(more, scan.scan(more), scan)).toThrow(expect.objectContaining({ code: "ENTRY_SYNTAX" }));
  expect(isEntry(more)).toBe(false);
});

test("names with escapes are read as they are written, whatever was read before", () => {
  const texts = ["\\", "\n", "\u0001"].map((name) =>
    canonicalText({ ...(JSON.parse(good) as object), kind: "execution.receipt", data: { a: 1, [name]: 2 } }),
  );
  for (const text of texts) JSON.parse(text);
  for (const [at, name] of ["\\", "\n", "\u0001"].entries()) {
    const text = texts[at] ?? "";
    expect(Object.keys(readScanned(text, scan.scan(text), scan).data)).toEqual(["a", name].toSorted());
  }
});
