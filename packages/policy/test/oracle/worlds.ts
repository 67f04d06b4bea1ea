import * as fc from "fast-check";

import type { CedarJson, EntityJson, EntityUid, PolicyRequest } from "@writ/policy";

import { DATETIMES, DECIMALS, DURATIONS, IPS } from "./expressions.ts";

/** Entities and requests over the names that generated expressions use. */
export interface World {
  readonly schema: string | undefined;
  readonly entities: readonly EntityJson[];
  readonly requests: readonly PolicyRequest[];
}

type Json = fc.Arbitrary<CedarJson>;
type Declared = Readonly<Record<string, { readonly type: string; readonly optional: boolean }>>;

const NAMES = ["a", "b", "n", "s", "flag", "tags", "rec", "ip", "dec", "at", "span", "who"];
const uid = (type: string, id: string): EntityUid => ({ type, id });
const LONGS: readonly (number | bigint)[] = [
  0,
  1,
  -1,
  7,
  9007199254740991,
  9007199254740993n,
  9223372036854775807n,
  -9223372036854775808n,
];
const TEXTS = ["", "a", "b", "ab", "aba", "é", "e\u0301", "x\ny", "__proto__", "😀", "1.2.3.4"];
const USERS = ["a", "b", "__proto__"].map((id) => uid("User", id));
const GROUPS = ["g", "h", "top"].map((id) => uid("Group", id));

const long: Json = fc.constantFrom(...LONGS);
const text: Json = fc.constantFrom(...TEXTS);
const extension = (fn: string, args: readonly string[], valid: (text: string) => boolean): Json =>
  fc.constantFrom(...args.filter(valid)).map((arg) => ({ __extn: { fn, arg } }));

// Values that every reader accepts; refused texts have tests of their own.
const OK_IPS = IPS.slice(0, 22);
const OK_DECIMALS = DECIMALS.slice(0, 10);
const OK_DATETIMES = ["1970-01-01", "1969-12-31T23:59:59.999Z", "2024-02-29", "0000-01-01", "2024-01-01T00:00:00+2359"];
const OK_DURATIONS = DURATIONS.slice(0, 12);

const leaves: Readonly<Record<string, Json>> = {
  Long: long,
  String: text,
  Bool: fc.boolean(),
  ipaddr: extension("ip", IPS, (each) => OK_IPS.includes(each)),
  decimal: extension("decimal", DECIMALS, (each) => OK_DECIMALS.includes(each)),
  datetime: extension("datetime", DATETIMES, (each) => OK_DATETIMES.includes(each)),
  duration: extension("duration", DURATIONS, (each) => OK_DURATIONS.includes(each)),
  User: fc.constantFrom(...USERS, uid("User", "ghost")).map((each) => ({ __entity: { ...each } })),
};

const untyped: Json = fc.letrec<{ value: CedarJson }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    ...Object.values(leaves),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES, "constructor"), tie("value"), { maxKeys: 3 }),
  ),
})).value;

const untypedAttributes = fc.record(
  { n: long, s: text, flag: fc.boolean(), tags: fc.array(text, { maxLength: 3 }), rec: fc.dictionary(fc.constantFrom(...NAMES), untyped, { maxKeys: 3 }), ip: leaves["ipaddr"]!, dec: leaves["decimal"]!, at: leaves["datetime"]!, span: leaves["duration"]!, who: leaves["User"]!, a: untyped, b: untyped },
  { requiredKeys: [] },
); // prettier-ignore

function requestsOf(context: fc.Arbitrary<Record<string, CedarJson>>): fc.Arbitrary<readonly PolicyRequest[]> {
  const request = fc.record({
    principal: fc.constantFrom(...USERS, uid("User", "ghost")),
    action: fc.constantFrom(uid("Action", "view"), uid("Action", "edit")),
    resource: fc.constantFrom(...GROUPS, ...USERS),
    context,
  });
  return fc.array(request, { minLength: 5, maxLength: 5 });
}

/** A hierarchy without cycles: users in groups, groups in later groups. */
function entitiesOf(
  attributes: (type: string) => fc.Arbitrary<Record<string, CedarJson>>,
  tags: Json,
): fc.Arbitrary<EntityJson[]> {
  const one = (self: EntityUid, parents: readonly EntityUid[]): fc.Arbitrary<EntityJson> =>
    fc.record({
      uid: fc.constant(self),
      attrs: attributes(self.type),
      parents: fc.subarray([...parents]),
      tags: fc.dictionary(fc.constantFrom("a", "b", "__x"), tags, { maxKeys: 2 }),
    });
  const all = [
    ...USERS.map((each) => one(each, GROUPS)),
    ...GROUPS.map((each, index) => one(each, GROUPS.slice(index + 1))),
  ];
  return fc.tuple(...all).chain((made) => fc.subarray(made, { minLength: 2 }));
}

export const untypedWorld: fc.Arbitrary<World> = fc.record({
  schema: fc.constant(undefined),
  entities: entitiesOf(() => untypedAttributes, fc.oneof(text, long)),
  requests: requestsOf(untypedAttributes),
});

const TYPES = [
  "Long",
  "String",
  "Bool",
  "ipaddr",
  "decimal",
  "datetime",
  "duration",
  "User",
  "Set<String>",
  "Set<Long>",
  "{n?: Long, s: String}",
];
const declared: fc.Arbitrary<Declared> = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.record({ type: fc.constantFrom(...TYPES), optional: fc.boolean() }),
  { maxKeys: 8 },
);

/** A value of a declared type; entities and extensions also in the short forms a schema allows. */
function typed(type: string): Json {
  if (type.startsWith("Set<")) return fc.array(typed(type.slice(4, -1)), { maxLength: 4 });
  if (type.startsWith("{")) return fc.record({ n: long, s: text }, { requiredKeys: ["s"] });
  return leaves[type]!.chain((value) => fc.constantFrom(value, short(value)));
}

function short(value: CedarJson): CedarJson {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const object = value as Readonly<Record<string, Readonly<Record<string, CedarJson>>>>;
  return object["__entity"] ?? object["__extn"]?.["arg"] ?? value;
}

function recordOf(types: Declared): fc.Arbitrary<Record<string, CedarJson>> {
  const fields = Object.fromEntries(Object.entries(types).map(([name, { type }]) => [name, typed(type)]));
  const requiredKeys = Object.keys(types).filter((name) => !types[name]!.optional);
  return fc.record(fields, { requiredKeys });
}

const recordText = (types: Declared): string =>
  `{${Object.entries(types).map(([name, { type, optional }]) => `"${name}"${optional ? "?" : ""}: ${type}`).join(", ")}}`; // prettier-ignore

/** Attributes, context and action groups as a generated schema declares them. */
export const typedWorld: fc.Arbitrary<World> = typedWorldOf(declared);

const always = (type: string) => ({ type, optional: false });
const usual: Declared = { s: always("String"), n: always("Long"), flag: always("Bool"), who: always("User") };

/** Worlds in which the paths of indexed conditions mostly have a value. */
export const usualTypedWorld: fc.Arbitrary<World> = typedWorldOf(
  fc.constantFrom(usual, { ...usual, s: { type: "String", optional: true }, n: { type: "Long", optional: true } }),
);
const usualAttributes = fc.record({
  s: fc.oneof({ arbitrary: fc.constantFrom("a", "b", ""), weight: 4 }, { arbitrary: untyped, weight: 1 }),
  n: fc.constantFrom(1, 7, 9223372036854775807n),
  flag: fc.boolean(),
  who: leaves["User"]!,
  rec: fc.record({ n: fc.constantFrom(1, 7) }, { requiredKeys: [] }),
});
export const usualUntypedWorld: fc.Arbitrary<World> = fc.record({
  schema: fc.constant(undefined),
  entities: entitiesOf(() => usualAttributes, text),
  requests: requestsOf(
    fc.oneof({ arbitrary: usualAttributes, weight: 5 }, { arbitrary: untypedAttributes, weight: 1 }),
  ),
});

function typedWorldOf(types: fc.Arbitrary<Declared>): fc.Arbitrary<World> {
  return fc
    .record({ user: types, group: types, context: types, grouped: fc.boolean(), nested: fc.boolean() })
    .chain(({ user, group, context, grouped, nested }) => {
      const applies = `{ principal: [User], resource: [Group, User], context: ${recordText(context)} }`;
      const schema = `
      entity Group in [Group] = ${recordText(group)} tags String;
      entity User in [Group] = ${recordText(user)} tags String;
      action "top"; action "all"${nested ? ' in ["top"]' : ""};
      action "view"${grouped ? ' in ["all"]' : ""} appliesTo ${applies};
      action "edit" appliesTo ${applies};`;
      return fc.record({
        schema: fc.constant(schema),
        entities: entitiesOf((type) => recordOf(type === "User" ? user : group), text),
        requests: requestsOf(recordOf(context)),
      });
    });
}
