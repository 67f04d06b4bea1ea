import { randomBytes } from "node:crypto";

import { isWritError, sha256 } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { commit, SaltPool } from "../src/commitment.ts";
import { parseEntry, prepareEntry, renderEntry } from "../src/entry.ts";
import type { NewEntry } from "../src/port.ts";

const ID = "019b76da-a801-7cd3-ad4e-b485fd695f47";
const NOW = () => Date.UTC(2026, 0, 1, 0, 0, 1);
const PLAIN: NewEntry = { id: ID, kind: "run.opened", who: { tenant: "local" }, data: {} };
const salts = () => new SaltPool((bytes) => new Uint8Array(bytes).fill(5));

function render(entry: NewEntry): string {
  return renderEntry(prepareEntry(entry, NOW, salts()), entry.src ?? { id: "ledger:x", n: 0 });
}

/** The code of what `work` throws. */
function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isWritError(error) ? error.code : `untyped ${String(error)}`;
  }
  return "nothing thrown";
}

function unchecked(fields: { readonly [key: string]: unknown }): NewEntry {
  const entry: unknown = { ...PLAIN, ...fields };
  return entry as NewEntry;
}

describe("an entry", () => {
  test("is written in canonical form, keys sorted, with the fields of spec ledger.md §3", () => {
    const entry: NewEntry = {
      ...PLAIN,
      run: "run-1",
      refs: [{ rel: "decision", id: "x" }],
      who: { tenant: "local", agent: "agent-1" },
      src: { id: "agent-7", n: 3 },
      data: { z: -0, a: [true, null, "ä"] },
      private: { note: { content: Buffer.from("secret"), type: "text/plain", subject: "p-1" } },
    };
    const c = commit(new Uint8Array(32).fill(5), Buffer.from("secret"));
    expect(render(entry)).toBe(
      `{"at":"2026-01-01T00:00:01.000Z","data":{"a":[true,null,"ä"],"z":0},"id":"${ID}","kind":"run.opened",` +
        `"private":{"note":{"c":"${c}","n":6,"type":"text/plain"}},"refs":[{"id":"x","rel":"decision"}],"run":"run-1",` +
        `"src":{"id":"agent-7","n":3},"v":1,"who":{"agent":"agent-1","tenant":"local"}}`,
    );
  });

  test("commits to a private field as the specification writes it", () => {
    const salt = new Uint8Array(32).fill(9);
    const expected = sha256(Buffer.concat([Buffer.from("writ.commit.v1\n"), salt, Buffer.from("x")]));
    expect(commit(salt, Buffer.from("x"))).toBe(Buffer.from(expected).toString("hex"));
  });

  test.each([
    ["a Uint8Array", (bytes: number) => new Uint8Array(randomBytes(bytes))],
    ["a Buffer, whose slices share memory", (bytes: number) => randomBytes(bytes)],
  ])("never gives two fields one salt when random bytes come as %s", (_what, random) => {
    const pool = new SaltPool(random);
    const seen = Array.from({ length: 300 }, () => pool.take());
    const texts = new Set(seen.map((salt) => Buffer.from(salt).toString("hex")));
    expect(texts.size).toBe(300);
    expect(texts).not.toContain("00".repeat(32));
  });

  test.each<[string, { readonly [key: string]: unknown }]>([
    ["an unknown member", { extra: 1 }],
    ["an id of another version", { id: "019b76da-a801-4cd3-ad4e-b485fd695f47" }],
    ["an id in capitals", { id: ID.toUpperCase() }],
    ["an id that is a list", { id: [ID] }],
    ["an unknown kind", { kind: "policy.decided" }],
    ["a bare extension kind", { kind: "x." }],
    ["an instant without milliseconds", { at: "2026-01-01T00:00:01Z" }],
    ["an instant that does not exist", { at: "2026-02-30T00:00:01.000Z" }],
    ["a fraction", { data: { score: 0.5 } }],
    ["a number beyond 2^53", { data: { n: 2 ** 53 } }],
    ["not a number", { data: { n: Number.NaN } }],
    ["undefined", { data: { n: undefined } }],
    ["a date", { data: { n: new Date(0) } }],
    ["half a surrogate pair", { data: { n: "\ud800" } }],
    ["depth 17", { data: nested(16) }],
    ["a list as data", { data: [] }],
    ["no tenant", { who: { agent: "a" } }],
    ["a name nobody knows in who", { who: { tenant: "t", name: "Ann" } }],
    ["a negative counter", { src: { id: "a", n: -1 } }],
    ["an emitter that poses as the ledger", { src: { id: "ledger:1", n: 0 } }],
    ["a reference without rel", { refs: [{ id: "x" }] }],
    ["an empty run", { run: "" }],
    ["private text instead of bytes", { private: { note: { content: "secret", type: "text/plain" } } }],
    ["a private field named like a path", { private: { "../x": { content: Buffer.of(1), type: "a/b" } } }],
  ])("with %s is refused", (_what, fields) => {
    expect(codeOf(() => render(unchecked(fields)))).toBe("ENTRY_INVALID");
  });

  test("of depth 16 is taken", () => {
    expect(codeOf(() => render({ ...PLAIN, data: nested(15) }))).toBe("nothing thrown");
  });

  test("over 32,768 bytes, or with a field over 16 MiB, is too large", () => {
    expect(codeOf(() => render({ ...PLAIN, data: { text: "x".repeat(32_700) } }))).toBe("ENTRY_TOO_LARGE");
    const content = new Uint8Array(16 * 1024 * 1024 + 1);
    expect(codeOf(() => render({ ...PLAIN, private: { f: { content, type: "a/b" } } }))).toBe("ENTRY_TOO_LARGE");
  });
});

describe("reading an entry back", () => {
  const json = fc.letrec<{ value: JsonLike }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 8 }), tie("value"), { maxKeys: 4 }),
    ),
  })).value;

  test("gives what was written, for whatever data", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 8 }), json, { maxKeys: 5 }), (data) => {
        const entry = unchecked({ data });
        const text = render(entry);
        expect(JSON.stringify(parseEntry(Buffer.from(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test.each([
    ["white space", (text: string) => text.replace(":", ": ")],
    ["another order", (text: string) => `{"v":1,${text.slice(1).replace(',"v":1', "")}`],
    ["a duplicate key", (text: string) => text.replace('"v":1', '"v":1,"v":1')],
    ["an unknown member", (text: string) => text.replace('"v":1', '"v":1,"w":1')],
    ["another version", (text: string) => text.replace('"v":1', '"v":2')],
    ["trailing bytes", (text: string) => `${text} `],
    ["a cut", (text: string) => text.slice(0, -1)],
    ["an escape too many", (text: string) => text.replace("local", "\\u006cocal")],
  ])("refuses %s", (_what, change) => {
    expect(codeOf(() => parseEntry(Buffer.from(change(render(PLAIN)))))).toBe("ENTRY_INVALID");
  });

  test("ends in a typed error for any bytes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), mutated(Buffer.from(render(PLAIN)))), (bytes) => {
        expect(["ENTRY_INVALID", "ENTRY_TOO_LARGE", "nothing thrown"]).toContain(codeOf(() => parseEntry(bytes)));
      }),
      { numRuns: 2_000 },
    );
  });
});

type JsonLike = null | boolean | number | string | readonly JsonLike[] | { readonly [key: string]: JsonLike };

function nested(levels: number): { readonly [key: string]: JsonLike } {
  let value: JsonLike = 1;
  for (let level = 1; level < levels; level++) value = [value];
  return { deep: value };
}

function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)).map(([at, byte]) => {
    const copy = Uint8Array.from(bytes);
    copy[at] = byte;
    return copy;
  });
}
