import { canonicalize, parseJson } from "@writ/canon";
import type { JsonValue } from "@writ/canon";

import { entryOf300, newId } from "./log-fixture.ts";
import { interleave, ratioOf, sampleCalls } from "./measure.ts";
import { atLeast, figure } from "./report.ts";
import type { Context, Report } from "./report.ts";

/** Canonical JSON against the platform's own writer (spec ledger.md §16, J). */
export async function canonicalBenchmark({ quick, rounds }: Context): Promise<Report> {
  const values = Array.from({ length: 256 }, entryValue);
  const texts = values.map((value) => canonicalize(value));
  const wrong = values.every((value, n) => JSON.stringify(sorted(value)) === texts[n])
    ? []
    : ["canonical JSON differs"];
  const ms = quick ? 60 : 400;
  const { J, canonical, parse, strict } = await interleave(
    { rounds },
    {
      J: () => sampleCalls(ms, (call) => void JSON.stringify(values[call & 255])),
      canonical: () => sampleCalls(ms, (call) => void canonicalize(values[call & 255]!)),
      parse: () => sampleCalls(ms, (call) => void JSON.parse(texts[call & 255]!)),
      strict: () => sampleCalls(ms, (call) => void parseJson(texts[call & 255]!)),
    },
  );
  return {
    title: "Canonical JSON",
    how: [
      "256 entries of about 300 bytes in turn, keys not in order beforehand; J is `JSON.stringify`, which neither sorts nor checks.",
    ],
    figures: [
      figure("J: JSON.stringify", J),
      figure("canonicalize", canonical, { of: "J", series: J }),
      figure("JSON.parse", parse),
      figure("parseJson, strict", strict, { of: "JSON.parse", series: parse }),
    ],
    goals: [atLeast("canonical JSON", ratioOf(canonical, J), 0.45, { unit: " J", aim: 0.6 })],
    wrong,
  };
}

function entryValue(): { readonly [key: string]: JsonValue } {
  const { id, kind, data } = entryOf300();
  return { v: 1, id, kind, at: "2026-11-21T12:00:00.000Z", src: { id: newId(), n: 7 }, who: { tenant: "local" }, data };
}

function sorted(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value as { readonly [key: string]: JsonValue });
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
