import { describe, expect, test } from "vitest";

import { authorize, type CedarJson, type EntityJson, entityStore, loadPolicySet } from "@writ/policy";

import { authorizeUnindexed } from "./oracle/unindexed.ts";

/**
 * One case for each deliberate fault that the outside corpus does not notice: what a policy with this condition
 * must be. Each is asked of the compiled engine, of the same without its index, and of the official engine.
 */
type Expectation = "true" | "false" | "error";
interface Case {
  readonly fault: string;
  readonly condition: string;
  readonly expected: Expectation;
}

const on = (fault: string, ...cases: readonly (readonly [string, Expectation])[]): readonly Case[] =>
  cases.map(([condition, expected]) => ({ fault, condition, expected }));

const CASES: readonly Case[] = [
  ...on("set equality by order", ["[1, 2] == [2, 1]", "true"], ["[[2, 1], 3] == [3, [1, 2]]", "true"]),
  ...on("set equality with duplicates", ["[1, [1]] == [[1], 1, 1]", "true"], ["[1, 1] == [1, 2]", "false"], ["[1, 2] == [1, 1]", "false"]),
  ...on("kinds mixed up in sets", ['[1, true] == ["1", true]', "false"], ['["1"].contains(1)', "false"], ['[1,2,3,4,5,6,7,8,9].contains("9")', "false"]),
  ...on("empty sets", ["[].containsAll([])", "true"], ["[1].containsAny([])", "false"], ["[].isEmpty()", "true"]),
  ...on("unchecked right side of a nested &&", ["(true && 1) || true", "error"], ["(false && 1) || true", "true"], ["true && (true && 1)", "error"]),
  ...on("unchecked operands", ["true || 1", "true"], ["false || 1", "error"], ["!1", "error"], ["if 1 then true else true", "error"]),
  ...on("truthy conditions", ["1", "error"], ['"true"', "error"], ["[]", "error"], ["if true then 1 else true", "error"]),
  ...on("in with a match before a non-entity", ['principal in [principal, 1]', "error"], ['principal in [Group::"none", principal]', "true"]),
  ...on("in of the undeclared", ['User::"nobody" in User::"nobody"', "true"], ['User::"nobody" in Group::"g"', "false"], ['principal in Group::"top"', "true"]),
  ...on("has chains", ["context.rec has a.b", "error"], ["context has nothing.b", "false"], ["context.rec has a", "true"], ["{a: {b: 1}} has a.b", "true"]),
  ...on("has on the unknown and on other kinds", ['User::"nobody" has n', "false"], ["1 has n", "error"]),
  ...on("access to the unknown", ['User::"nobody".n == 1', "error"], ["principal.missing == 1", "error"], ["context.rec.missing == 1", "error"]),
  ...on("is T in an error", ["principal is Group in 1", "false"], ["principal is User in 1", "error"], ["1 is User", "error"], ['principal is Group in (if 1 then principal else principal)', "false"]),
  ...on("like overlap", ['"aba" like "ab*ba"', "false"], ['"abba" like "ab*ba"', "true"], ['"ab" like "ab*"', "true"], ['"x\\ny" like "x*y"', "true"]),
  ...on("like with an escaped star", ['"a*b" like "a\\*b"', "true"], ['"axb" like "a\\*b"', "false"], ['"**" like "\\**\\*"', "true"]),
  ...on("like on other kinds", ['1 like "1"', "error"]),
  ...on("strings normalised", ['"é" == "e\\u{301}"', "false"], ['"é" like "e*"', "false"]),
  ...on("IP equality with host bits", ['ip("10.0.0.1/8") == ip("10.0.0.0/8")', "false"], ['ip("1.2.3.4") == ip("1.2.3.4/32")', "true"], ['"1.2.3.4" == ip("1.2.3.4")', "false"]),
  ...on("prefix rules of isInRange", ['ip("10.0.0.0/7").isInRange(ip("10.0.0.0/8"))', "false"], ['ip("10.9.9.9/9").isInRange(ip("10.0.0.1/8"))', "true"], ['ip("::1").isInRange(ip("0.0.0.0/0"))', "false"]),
  ...on("isLoopback", ['ip("127.0.0.0/7").isLoopback()', "false"], ['ip("127.1.2.3/8").isLoopback()', "true"], ['ip("::1/127").isLoopback()', "false"], ['ip("::1").isLoopback()', "true"]),
  ...on("isMulticast", ['ip("224.0.0.0/3").isMulticast()', "false"], ['ip("239.0.0.0/4").isMulticast()', "true"], ['ip("ff00::/7").isMulticast()', "false"], ['ip("ff00::/8").isMulticast()', "true"]),
  ...on("IP texts", ['ip("01.2.3.4").isIpv4()', "error"], ['ip("::ffff:1.2.3.4").isIpv6()', "error"], ['ip("1.2.3.4/033").isIpv4()', "error"], ['ip("1:2:3:4:5:6:7::8").isIpv6()', "error"]),
  ...on("29 February", ['datetime("2024-02-29") == datetime("2024-02-29")', "true"], ['datetime("2023-02-29") == datetime("2024-02-29")', "error"], ['datetime("2100-02-29") == datetime("2024-02-29")', "error"], ['datetime("2000-02-29") < datetime("2000-03-01")', "true"]),
  ...on("second 60", ['datetime("2016-12-31T23:59:60Z") == datetime("2017-01-01")', "error"]),
  ...on("years 0 to 99", ['datetime("0050-01-01") < datetime("1000-01-01")', "true"]),
  ...on("offsets", ['datetime("1970-01-01T01:00:00+0100") == datetime("1970-01-01")', "true"], ['datetime("1970-01-01T00:00:00+2400") == datetime("1970-01-01")', "error"]),
  ...on("toDate of negative times", ['datetime("1969-12-31T23:59:59.999Z").toDate() == datetime("1969-12-31")', "true"], ['datetime("1970-01-01").offset(duration("-9223372036854775808ms")).toDate() == datetime("1970-01-01")', "error"]),
  ...on("toTime of negative times", ['datetime("1969-12-31T23:59:59.999Z").toTime() == duration("86399999ms")', "true"]),
  ...on("toDays of negative times", ['duration("-25h").toDays() == -1', "true"], ['duration("-1h").toDays() == 0', "true"], ['duration("-1999ms").toSeconds() == -1', "true"]),
  ...on("durations", ['duration("60s") == duration("1m")', "true"], ['duration("-9223372036854775808ms").toMilliseconds() == -9223372036854775808', "true"], ['duration("9223372036854775808ms") == duration("1ms")', "error"], ['duration("1s1m") == duration("1m")', "error"]),
  ...on("< on decimals", ['decimal("1.0") < decimal("2.0")', "error"], ['decimal("1.0").lessThan(decimal("2.0"))', "true"]),
  ...on("< on strings", ['"a" < "b"', "error"], ["true > false", "error"]),
  ...on("decimal texts", ['decimal("1.0") == decimal("1.00")', "true"], ['decimal("1.") == decimal("1.0")', "error"], ['decimal("+1.0") == decimal("1.0")', "error"], ['decimal("-922337203685477.5808").lessThan(decimal("0.0"))', "true"], ['decimal("922337203685477.5808") == decimal("0.0")', "error"]),
  ...on("64-bit integers rounded", ["9007199254740993 == 9007199254740992", "false"], ["9007199254740992 + 1 == 9007199254740993", "true"], ["context.big == 9223372036854775807", "true"], ["context.big == 9223372036854775806", "false"]),
  ...on("overflow", ["context.big + 1 == 0", "error"], ["-(-9223372036854775808) == 0", "error"], ["3037000500 * 3037000500 == 0", "error"], ["3037000499 * 3037000499 == 9223372030926249001", "true"]),
  ...on("minus zero", ["0 * -1 == 0", "true"], ["-(0) == 0", "true"]),
  ...on("wrong number of arguments", ["false && ip()", "false"], ["ip() == ip()", "error"], ['decimal("1.0", 2) == 1', "error"]),
  ...on("names of the prototype", ["context has toString", "false"], ["context has constructor", "false"], ['context.rec has "__proto__"', "false"], ['{"__proto__": 1} has "__proto__"', "true"], ['{"__proto__": 1} == {}', "false"]),
  ...on("tags and attributes confused", ['principal.hasTag("n")', "false"], ['principal.hasTag("k")', "true"], ["principal has k", "false"], ['principal.getTag("k") == "v"', "true"], ['principal.getTag("n") == 1', "error"], ['User::"nobody".hasTag("k")', "false"], ['User::"nobody".getTag("k") == 1', "error"]),
]; // prettier-ignore

const uid = (type: string, id: string) => ({ type, id });
const ENTITIES: readonly EntityJson[] = [
  { uid: uid("User", "ann"), attrs: { n: 1 }, parents: [uid("Group", "g")], tags: { k: "v" } },
  { uid: uid("Group", "g"), attrs: {}, parents: [uid("Group", "top")] },
];
const REQUEST = {
  principal: uid("User", "ann"),
  action: uid("Action", "view"),
  resource: uid("File", "f"),
  context: { tool: "A", n: 9_223_372_036_854_775_807n, big: 9_223_372_036_854_775_807n, rec: { a: 1 } } as Record<
    string,
    CedarJson
  >,
};

async function load(text: string) {
  const set = await loadPolicySet({ policies: [{ name: "p.cedar", text }] }, { requireAnnotations: false });
  return { set, store: entityStore(set, ENTITIES) };
}

describe("faults the corpus does not notice", () => {
  test.each(CASES)("$fault: $condition is $expected", async ({ condition, expected }) => {
    const { set, store } = await load(`permit(principal, action, resource) when { ${condition} };`);
    const answer = {
      decision: expected === "true" ? "allow" : "deny",
      reason: expected === "true" ? ["policy0"] : [],
      errors: expected === "error" ? ["policy0"] : [],
    };
    expect(authorize(set, REQUEST, store)).toEqual(answer);
    expect(authorizeUnindexed(set, REQUEST, store)).toEqual(answer);
    expect(authorize(set, REQUEST, store, { engine: "reference" })).toEqual(answer);
  });
});

const DECISIONS: readonly (readonly [string, string, { decision: string; reason: string[]; errors: string[] }])[] = [
  ["permits are not among the reasons of a deny", "permit(principal, action, resource); forbid(principal, action, resource);", { decision: "deny", reason: ["policy1"], errors: [] }],
  ["an erring forbid does not deny", "permit(principal, action, resource); forbid(principal, action, resource) when { 1 };", { decision: "allow", reason: ["policy0"], errors: ["policy1"] }],
  ["an erring permit does not allow", "permit(principal, action, resource) when { context.none };", { decision: "deny", reason: [], errors: ["policy0"] }],
  ["a policy whose scope does not match never errs", 'permit(principal == User::"bob", action, resource) when { 1 };', { decision: "deny", reason: [], errors: [] }],
  ["ids are sorted as text", Array.from({ length: 11 }, () => "permit(principal, action, resource);").join(""), { decision: "allow", reason: ["policy0", "policy1", "policy10", "policy2", "policy3", "policy4", "policy5", "policy6", "policy7", "policy8", "policy9"], errors: [] }],
  ["a policy under two matching groups is reported once", 'permit(principal, action in [Action::"view", Action::"view"], resource) when { 1 };', { decision: "deny", reason: [], errors: ["policy0"] }],
  ["each member of an indexed group reports the path's error", Array.from({ length: 5 }, (_, i) => `permit(principal, action, resource) when { context.missing == "${i}" };`).join(""), { decision: "deny", reason: [], errors: ["policy0", "policy1", "policy2", "policy3", "policy4"] }],
  ["an index does not hide the error of an earlier condition", Array.from({ length: 5 }, (_, i) => `permit(principal, action, resource) when { context.n + 1 > 0 && context.tool == "${i}" };`).join(""), { decision: "deny", reason: [], errors: ["policy0", "policy1", "policy2", "policy3", "policy4"] }],
  ["a guarded path that is missing is no error", Array.from({ length: 5 }, (_, i) => `permit(principal, action, resource) when { context has gone && context.gone == "${i}" };`).join(""), { decision: "deny", reason: [], errors: [] }],
  ["a value of another kind finds nothing in an index", Array.from({ length: 5 }, (_, i) => `permit(principal, action, resource) when { context.tool == ${i} };`).join(""), { decision: "deny", reason: [], errors: [] }],
  ["literal sets find their values", Array.from({ length: 5 }, (_, i) => `permit(principal, action, resource) when { ["A", "${i}", "A"].contains(context.tool) && ${i} == 3 };`).join(""), { decision: "allow", reason: ["policy3"], errors: [] }],
  ["an unlinked template decides nothing", "permit(principal == ?principal, action, resource); forbid(principal, action, resource);", { decision: "deny", reason: ["policy1"], errors: [] }],
]; // prettier-ignore

describe("faults of the decision and the index", () => {
  test.each(DECISIONS)("%s", async (_name, text, answer) => {
    const { set, store } = await load(text);
    expect(authorize(set, REQUEST, store)).toEqual(answer);
    expect(authorizeUnindexed(set, REQUEST, store)).toEqual(answer);
    expect(authorize(set, REQUEST, store, { engine: "reference" })).toEqual(answer);
  });
});
