import { describe, expect, test } from "vitest";

import { parseDatetime, parseDecimal, parseDuration } from "../src/values/extension-text.ts";
import { emptyTally, expectSameVerdicts } from "./oracle/agreement.ts";
import { DATETIMES, DECIMALS, DURATIONS, ENTITIES, INTEGERS, IPS, STRINGS } from "./oracle/expressions.ts";
import type { World } from "./oracle/worlds.ts";

const CHUNK = 250;
const uid = (type: string, id: string) => ({ type, id });

/** One request, some entities, all value kinds in the context. */
const WORLD: World = {
  schema: undefined,
  entities: [
    { uid: uid("User", "a"), attrs: { n: 1 }, parents: [uid("Group", "g")], tags: { a: "x" } },
    { uid: uid("Group", "g"), parents: [uid("Group", "top")] },
    { uid: uid("Action", "view"), parents: [uid("Action", "all")] },
  ],
  requests: [
    {
      principal: uid("User", "a"),
      action: uid("Action", "view"),
      resource: uid("Group", "g"),
      context: { rec: { a: { b: 1 } }, tags: ["a"], n: 9_223_372_036_854_775_807n },
    },
  ],
};

const SETS = ["[]", "[1]", "[1, 1]", "[1, [1]]", "[[1], 1, 1]", '["1"]', "[true]", '[User::"a"]', '[1, "1", true]', "[{a: 1}]", "[{a: 1}, {a: 1}, {b: [2, 3]}]", "[{b: [3, 2, 3]}, {a: 1}]", "[1,2,3,4,5,6,7,8,9,10]", '[10,9,8,7,6,5,4,3,2,1,"1"]', '[[1],[2],[3],[4],[5],[6],[7],[8],[9],[1]]', 'context.tags']; // prettier-ignore
const KINDS = ["true", "false", "1", "0", "-1", '"1"', '"true"', '""', "[]", "[1]", "{}", "{a: 1}", 'User::"a"', 'User::"1"', 'N::User::"a"', 'decimal("1.0")', 'ip("1.2.3.4")', 'ip("1.2.3.4/32")', 'datetime("1970-01-01")', 'duration("0ms")', 'duration("1m")', 'duration("60s")', "principal", "context", "context.rec", 'if true then 1 else "1"', "9223372036854775807", "context.n", "context.missing"]; // prettier-ignore
const PATTERNS = ["", "*", "a", "a*", "*a", "*a*", "ab*ba", "a*b", "a\\*b", "\\*", "**", "*b*a*", "é", "*\\u{301}", "e*", "x*y", "*\\n*", "😀", "*😀*", "__*__"]; // prettier-ignore

const ip = (text: string): string => `ip(${JSON.stringify(text)})`;
const decimal = (text: string): string => `decimal(${JSON.stringify(text)})`;
const datetime = (text: string): string => `datetime(${JSON.stringify(text)})`;
const duration = (text: string): string => `duration(${JSON.stringify(text)})`;

function pairs(left: readonly string[], right: readonly string[], forms: readonly string[]): string[] {
  return left.flatMap((a) =>
    right.flatMap((b) => forms.map((form) => form.replaceAll("$a", () => a).replaceAll("$b", () => b))),
  );
}

/** Each constructor's value, stated as what this engine reads: the official engine must find it true. */
function values(): string[] {
  const epoch = datetime("1970-01-01");
  const stated = (expression: string, value: object, field: "ms"): string =>
    `${expression} == (${String((value as Record<string, number | bigint>)[field] ?? 0)})`;
  return [
    ...DATETIMES.map((each) =>
      stated(`${datetime(each)}.durationSince(${epoch}).toMilliseconds()`, parseDatetime(each), "ms"),
    ),
    ...DURATIONS.map((each) => stated(`${duration(each)}.toMilliseconds()`, parseDuration(each), "ms")),
    ...DECIMALS.map((each) => `${decimal(each)} == ${decimal(canonicalDecimal(each))}`),
  ];
}

function canonicalDecimal(text: string): string {
  const value = parseDecimal(text);
  if (value.kind === "error") return "0.0";
  const units = BigInt(value.units);
  const magnitude = units < 0n ? -units : units;
  return `${units < 0n ? "-" : ""}${magnitude / 10_000n}.${String(magnitude % 10_000n).padStart(4, "0")}`;
}

function sums(): string[] {
  const exact = {
    "+": (a: bigint, b: bigint) => a + b,
    "-": (a: bigint, b: bigint) => a - b,
    "*": (a: bigint, b: bigint) => a * b,
  };
  const inRange = (value: bigint): bigint => (BigInt.asIntN(64, value) === value ? value : 0n);
  return Object.entries(exact).flatMap(([operator, compute]) =>
    INTEGERS.flatMap((a) =>
      INTEGERS.map((b) => `(${a}) ${operator} (${b}) == (${inRange(compute(BigInt(a), BigInt(b)))})`),
    ),
  );
}

const FAMILIES: readonly (readonly [string, readonly string[]])[] = [
  ["sets", pairs(SETS, SETS, ["$a == $b", "$a.containsAll($b)", "$a.containsAny($b)", "$a.contains($b)"])],
  ["members of sets", pairs(SETS, KINDS, ["$a.contains($b)"])],
  ["values of every kind", pairs(KINDS, KINDS, ["($a) == ($b)", "($a) != ($b)", "($a) < ($b)", "($a) >= ($b)", "($a) in ($b)", "($a) && ($b)", "($a) || ($b)"])],
  ["kinds in sets", pairs(KINDS, ["[]", '[User::"a"]', '[User::"a", 1]', '[1, User::"a"]', '[Group::"top", "x"]'], ["($a) in $b", "($a) is User in $b"])],
  ["has and access", pairs(KINDS, ["a", "a.b", "a.b.c", "n", "constructor"], ["($a) has $b", "($a).$b == 1"])],
  ["entities", pairs(ENTITIES, ENTITIES, ["$a in $b", "$a == $b", "$a is User in $b"])],
  ["integers", [...sums(), ...pairs(INTEGERS, INTEGERS, ["($a) < ($b)", "($a) <= ($b)", "($a) == ($b)", "-($a) == -($b)"])]],
  ["addresses", pairs(IPS.map(ip), IPS.map(ip), ["$a.isInRange($b)", "$a == $b"])],
  ["single addresses", pairs(IPS.map(ip), ["isIpv4", "isIpv6", "isLoopback", "isMulticast"], ["$a.$b()"])],
  ["decimals", pairs(DECIMALS.map(decimal), DECIMALS.map(decimal), ["$a.lessThan($b)", "$a.greaterThanOrEqual($b)", "$a == $b", "$a < $b"])],
  ["dates", pairs(DATETIMES.map(datetime), DATETIMES.map(datetime), ["$a < $b", "$a == $b", '$a.durationSince($b) > duration("0ms")'])],
  ["dates and durations", pairs(DATETIMES.map(datetime), DURATIONS.map(duration), ["$a.offset($b) < $a", "$a.offset($b).toDate() == $a.offset($b)", '$a.offset($b).toTime() < duration("1h")'])],
  ["durations", pairs(DURATIONS.map(duration), DURATIONS.map(duration), ["$a < $b", "$a == $b", "$a.toDays() == $b.toDays()", "$a.toHours() < $b.toHours()", "$a.toMinutes() == $b.toSeconds()"])],
  ["values of texts", values()],
  ["patterns", pairs(STRINGS, PATTERNS, ['$a like "$b"'])],
]; // prettier-ignore

describe("literals in all pairs", () => {
  test.each(FAMILIES)("%s agree with the official engine", async (name, expressions) => {
    const tally = emptyTally();
    for (let start = 0; start < expressions.length; start += CHUNK) {
      const policies = expressions
        .slice(start, start + CHUNK)
        .map((text) => `permit(principal, action, resource) when { ${text} };`);
      await expectSameVerdicts(policies, WORLD, tally);
    }
    console.log(`${name}: ${JSON.stringify(tally)}`);
    expect(tally.evaluations).toBe(expressions.length);
    if (name === "values of texts") expect(tally.satisfied + tally.erring).toBe(expressions.length);
  });
});
