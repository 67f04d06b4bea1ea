import * as fc from "fast-check";

/** Cedar text of expressions, mostly well-typed and sometimes not. Every text parses. */
export interface ExpressionTexts {
  readonly bool: fc.Arbitrary<string>;
  readonly any: fc.Arbitrary<string>;
}

export const INTEGERS = [
  "0", "1", "-1", "2", "7", "3037000499", "3037000500", "9007199254740991", "9007199254740992", "9007199254740993",
  "-9007199254740991", "-9007199254740993", "4611686018427387904", "9223372036854775807", "-9223372036854775808",
]; // prettier-ignore
export const STRINGS = [
  '""',
  '"a"',
  '"b"',
  '"ab"',
  '"aba"',
  '"é"',
  '"e\\u{301}"',
  '"*"',
  '"a*b"',
  '"x\\ny"',
  '"__proto__"',
  '"😀"',
];
export const ENTITIES = [
  'User::"a"', 'User::"b"', 'User::"ghost"', 'Group::"g"', 'Group::"h"', 'Group::"top"', 'N::T::"x"', 'Ghost::"z"',
  'Action::"view"', 'Action::"edit"', 'Action::"all"', 'User::"__proto__"',
]; // prettier-ignore
export const IPS = [
  "1.2.3.4", "1.2.3.4/32", "1.2.3.0/24", "1.2.3.5/24", "10.0.0.1/8", "10.0.0.0/8", "0.0.0.0/0", "127.0.0.1", "127.0.0.0/7",
  "127.0.0.0/8", "224.0.0.1", "224.0.0.0/3", "239.255.255.255/4", "::1", "::1/127", "::", "::/0", "ff00::/8", "ff00::/7",
  "ff02::1", "2001:db8::/32", "2001:db8:0:0:0:0:0:1", "01.2.3.4", "1.2.3", "1.2.3.4/33", "1.2.3.4/08", "::ffff:1.2.3.4",
  "1:2:3:4:5:6:7::", "1::2::3", "12345::", "", "1.2.3.256",
]; // prettier-ignore
export const DECIMALS = [
  "0.0", "-0.0", "1.0", "1.00", "01.0000", "1.0001", "-1.5", "0.75", "922337203685477.5807", "-922337203685477.5808",
  "922337203685477.5808", "-922337203685477.5809", "1.", ".5", "1", "+1.0", "1.00000", "1e3", "00000000000000000000001.5",
]; // prettier-ignore
export const DATETIMES = [
  "1970-01-01", "1969-12-31", "2024-02-29", "2023-02-29", "2100-02-29", "2000-02-29", "0000-01-01", "0099-03-01", "9999-12-31",
  "2024-01-01T00:00:00Z", "2024-01-01T23:59:60Z", "2024-01-01T24:00:00Z", "1969-12-31T23:59:59.999Z", "2024-01-01T00:00:00.1Z",
  "2024-01-01T00:00:00+2359", "2024-01-01T00:00:00-0001", "2024-01-01T00:00:00+2400", "2024-01-01T00:00:00+01:00",
  "2024-01-01t00:00:00Z", "2024-01-01T00:00:00", "2024-13-01", "2024-00-10", "2024-04-31", "9999-12-31T23:59:59.999-2359",
]; // prettier-ignore
export const DURATIONS = [
  "0ms", "1ms", "-1ms", "60s", "1m", "1d", "-1d", "1d2h3m4s5ms", "24h", "-25h", "9223372036854775807ms", "-9223372036854775808ms",
  "9223372036854775808ms", "106751991167d", "106751991168d", "1s1m", "1h1h", "", "-", "5", "+1s", "007s", "1.5s", "1d ",
]; // prettier-ignore

const NAMES = ["a", "b", "n", "s", "flag", "tags", "rec", "ip", "dec", "at", "span", "who"];
const quote = (text: string): string => JSON.stringify(text);
const pick = (texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const call = (name: string, texts: readonly string[]): fc.Arbitrary<string> =>
  pick(texts).map((text) => `${name}(${quote(text)})`);

type Texts = Record<string, string>;

export function expressionTexts(): ExpressionTexts {
  const { bool, any } = fc.letrec<Texts>((tie) => {
    const sometimes = (right: string): fc.Arbitrary<string> =>
      fc.oneof({ arbitrary: tie(right), weight: 14 }, { arbitrary: tie("any"), weight: 1 });
    const b = sometimes("bool");
    const n = sometimes("long");
    const s = sometimes("string");
    const e = sometimes("entity");
    const set = sometimes("set");
    const dec = sometimes("decimal");
    const ip = sometimes("ip");
    const at = sometimes("datetime");
    const span = sometimes("duration");
    const two = (a: fc.Arbitrary<string>, op: string, c: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.tuple(a, c).map(([x, y]) => `(${x} ${op} ${y})`);
    const method = (a: fc.Arbitrary<string>, name: string, ...args: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc.tuple(a, ...args).map(([x, ...rest]) => `(${x}).${name}(${rest.join(", ")})`);
    const base = fc.oneof(
      fc.constantFrom("principal", "resource", "context", "context.rec"),
      tie("record"),
      tie("entity"),
    );
    const access = (names: readonly string[]): fc.Arbitrary<string> =>
      fc.tuple(base, pick(names)).map(([left, name]) => `(${left})[${quote(name)}]`);
    const branch = (type: string): fc.Arbitrary<string> =>
      fc.tuple(tie("bool"), tie(type), tie(type)).map(([c, x, y]) => `(if ${c} then ${x} else ${y})`);
    const of = (leaf: fc.Arbitrary<string>, ...deep: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc.oneof(
        { depthSize: "medium", depthIdentifier: "cedar", maxDepth: 5 },
        { arbitrary: leaf, weight: 2 },
        ...deep.map((arbitrary) => ({ arbitrary, weight: 1 })),
      );
    const paths = fc.constantFrom("principal", "resource", "context", "context.rec", "principal.who", "action");
    return {
      bool: of(
        fc.constantFrom("true", "false", "context.flag", "principal.flag"),
        ...["==", "!="].map((op) => two(fc.oneof(tie("any"), paths), op, tie("any"))),
        ...["bool", "long", "string", "entity", "set", "record", "decimal", "ip", "datetime", "duration"].map((type) => two(tie(type), "==", tie(type))),
        ...["<", "<=", ">", ">="].map((op) => two(n, op, n)),
        ...["<", "<=", ">", ">="].map((op) => two(at, op, at)),
        two(span, "<", span),
        two(b, "&&", b), two(b, "||", b), b.map((x) => `(!(${x}))`), branch("bool"),
        two(e, "in", fc.oneof(e, set, fc.array(e, { maxLength: 3 }).map((xs) => `[${xs.join(", ")}]`))),
        fc.tuple(e, pick(["User", "Group", "N::T", "Action"])).map(([x, t]) => `(${x} is ${t})`),
        fc.tuple(e, pick(["User", "Group", "N::T"]), fc.oneof(e, set)).map(([x, t, g]) => `(${x} is ${t} in ${g})`),
        fc.tuple(base, pick(NAMES)).map(([x, a]) => `(${x} has ${a})`),
        fc.tuple(base, pick(NAMES), pick(NAMES)).map(([x, a, c]) => `(${x} has ${a}.${c})`),
        fc.tuple(s, pick(["a*", "*a", "*", "", "ab*ba", "a\\*b", "*a*b*", "é*", "*\\u{301}", "?*"])).map(([x, p]) => `(${x} like "${p}")`),
        method(set, "contains", tie("any")), method(set, "containsAll", set), method(set, "containsAny", set), method(set, "isEmpty"),
        method(e, "hasTag", s),
        ...["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"].map((name) => method(dec, name, dec)),
        ...["isIpv4", "isIpv6", "isLoopback", "isMulticast"].map((name) => method(ip, name)),
        method(ip, "isInRange", ip),
      ), // prettier-ignore
      long: of(
        pick(INTEGERS), two(n, "+", n), two(n, "-", n), two(n, "*", n), n.map((x) => `(-(${x}))`), access(["n"]), branch("long"),
        ...["toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"].map((name) => method(span, name)),
        method(e, "getTag", s),
      ), // prettier-ignore
      string: of(
        pick(STRINGS),
        access(["s"]),
        branch("string"),
        fc.constantFrom("context.s", "principal.s"),
        method(e, "getTag", s),
      ),
      entity: of(
        fc.oneof(pick(ENTITIES), fc.constantFrom("principal", "resource", "action")),
        access(["who"]),
        branch("entity"),
      ),
      set: of(
        fc.constantFrom("[]", "context.tags", "principal.tags", '["a", "b"]', "[1, [1]]", "[[1], 1, 1]"),
        fc.array(tie("any"), { maxLength: 3 }).map((xs) => `[${xs.join(", ")}]`),
        fc.array(fc.oneof(pick(INTEGERS), pick(STRINGS)), { maxLength: 11 }).map((xs) => `[${xs.join(", ")}]`),
        access(["tags"]),
      ), // prettier-ignore
      record: of(
        fc.constantFrom("{}", "context", "context.rec", "{a: 1}", '{a: {b: {n: 1}}}', '{"__proto__": 1}'),
        fc.uniqueArray(pick([...NAMES, "__proto__", "constructor"]), { maxLength: 3 }).chain((names) =>
          fc.tuple(...names.map(() => tie("any"))).map((xs) => `{${xs.map((x, i) => `${quote(names[i]!)}: ${x}`).join(", ")}}`),
        ),
        access(["rec"]),
      ), // prettier-ignore
      decimal: of(call("decimal", DECIMALS), access(["dec"])),
      ip: of(
        call("ip", IPS),
        access(["ip"]),
        s.map((x) => `ip(${x})`),
      ),
      datetime: of(call("datetime", DATETIMES), method(at, "offset", span), method(at, "toDate"), access(["at"])),
      duration: of(
        call("duration", DURATIONS),
        method(at, "toTime"),
        method(at, "durationSince", at),
        access(["span"]),
      ),
      any: fc.oneof(
        ...["bool", "long", "string", "entity", "set", "record", "decimal", "ip", "datetime", "duration"].map((type) => tie(type)),
        access(NAMES),
        fc.constantFrom('decimal("1.0", 2)', "ip()", "principal.isIpv4(1)"),
      ), // prettier-ignore
    };
  });
  return { bool: bool!, any: any! };
}
