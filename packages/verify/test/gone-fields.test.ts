import { expect, test } from "vitest";

import { GoneFields } from "../src/gone-fields.ts";
import type { Entry } from "../src/entry.ts";
import { parseEntry } from "../src/entry.ts";
import { Report } from "../src/verdict.ts";
import { entryText } from "./support/log-maker.ts";

const none: ReadonlySet<string> = new Set();
const commitment = { c: "0".repeat(64), n: 1, type: "text/plain" };

function withFields(...names: readonly string[]): Entry {
  const privateFields = Object.fromEntries(names.map((name) => [name, commitment]));
  return parseEntry(entryText({ n: 0, privateFields }));
}

function erasure(...erased: readonly { readonly index: number; readonly fields: readonly string[] }[]): Entry {
  return parseEntry(entryText({ n: 1, kind: "erasure", data: { erased: erased.map((one) => ({ ...one })) } }));
}

function missing(gone: GoneFields): readonly string[] {
  const report = new Report("log");
  gone.finish(report);
  return report.result().findings.map(({ where }) => `${where.index}/${where.field}`);
}

test("a field that is gone is missing until an erasure names it", () => {
  const gone = new GoneFields();
  gone.entry(withFields("letter", "name"), 7, new Set(["name"]));
  expect(missing(gone)).toEqual(["7/letter"]);
  gone.entry(erasure({ index: 8, fields: ["letter"] }, { index: 7, fields: ["name"] }), 9, none);
  expect(missing(gone)).toEqual(["7/letter"]);
  gone.entry(erasure({ index: 7, fields: ["letter"] }), 10, none);
  expect(missing(gone)).toEqual([]);
});

test("an erasure in a later part of the log names what is gone in an earlier one, and not the other way round", () => {
  const [whole, first, second] = [new GoneFields(), new GoneFields(), new GoneFields()];
  first.entry(erasure({ index: 12, fields: ["letter"] }), 3, none);
  first.entry(withFields("letter", "name"), 4, none);
  second.entry(erasure({ index: 4, fields: ["letter"] }), 11, none);
  second.entry(withFields("letter"), 12, none);
  for (const part of [first, second]) whole.join(part);
  expect(missing(whole)).toEqual(["4/name", "12/letter"]);
});

test.each([
  ["no list", "x"],
  ["what is no object", ["x"]],
  ["an index in words", [{ index: "7", fields: ["letter"] }]],
  ["fields that are no list", [{ index: 7, fields: "letter" }]],
  ["a field that is no name", [{ index: 7, fields: [7] }]],
])("an erasure with %s names nothing", (_, erased) => {
  const gone = new GoneFields();
  gone.entry(withFields("letter"), 7, none);
  gone.entry(parseEntry(entryText({ n: 1, kind: "erasure", data: { erased } })), 8, none);
  expect(missing(gone)).toEqual(["7/letter"]);
});
