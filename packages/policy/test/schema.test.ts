import { describe, expect, test } from "vitest";

import { authorize, type CedarJson, entityStore, loadPolicySet } from "@writ/policy";

const SCHEMA = {
  name: "s.cedarschema",
  text: `
    type Limits = { max: Long, note?: String };
    entity Group in [Group]; entity Color enum ["red", "green"];
    entity User in [Group] = { home: ipaddr, boss?: User, ids: Set<Long>, limits: Limits } tags String;
    action "all"; action "some" in ["all"];
    action "view" in ["some"] appliesTo { principal: [User], resource: [Group, Color], context: { from: ipaddr, at?: datetime, who: User, n: Long, "to string"?: Bool } };`,
};
const uid = (type: string, id: string) => ({ type, id });
const USER = {
  uid: uid("User", "a"),
  attrs: { home: "1.2.3.4", ids: [1], limits: { max: 3 } },
  parents: [uid("Group", "g")],
};
const CONTEXT = { from: "10.0.0.1", who: uid("User", "a"), n: 1 };
const REQUEST = {
  principal: uid("User", "a"),
  action: uid("Action", "view"),
  resource: uid("Group", "g"),
  context: CONTEXT as Record<string, CedarJson>,
};

const load = (condition: string) =>
  loadPolicySet(
    {
      policies: [
        { name: "p.cedar", text: `permit(principal, action in Action::"all", resource) when { ${condition} };` },
      ],
      schema: SCHEMA,
    },
    { requireAnnotations: false, validate: false },
  );

describe("input read by its declared type", () => {
  test.each([
    ['context.from == ip("10.0.0.1")'],
    ["context.who == principal"],
    ['principal.home.isInRange(ip("1.2.0.0/16"))'],
    ['principal in Group::"g"'],
    ["principal.limits.max == 3 && !(principal.limits has note)"],
    ["!(context has at)"],
    ['action in Action::"some" && action in [Action::"all"]'],
  ])("%s", async (condition) => {
    const set = await load(condition);
    for (const engine of ["compiled", "reference"] as const) {
      const answer = authorize(set, REQUEST, entityStore(set, [USER]), { engine });
      expect(answer).toEqual({ decision: "allow", reason: ["policy0"], errors: [] });
    }
  });
});

const withContext = (change: Record<string, unknown>) => ({
  ...REQUEST,
  context: { ...CONTEXT, ...change } as Record<string, CedarJson>,
});

/** Refused by both engines; `undefined` in the second place where the official one has no such input. */
const REFUSED: readonly (readonly [string, unknown])[] = [
  ["an undeclared attribute", withContext({ more: 1 })],
  ["a missing attribute", { ...REQUEST, context: { from: "10.0.0.1", n: 1 } }],
  ["an attribute of another type", withContext({ n: "1" })],
  ["null", withContext({ n: null })],
  ["a fraction", withContext({ n: 1.5 })],
  ["an integer beyond 64 bits", withContext({ n: 9_223_372_036_854_775_808n })],
  ["an invalid address", withContext({ from: "10.0.0.01" })],
  ["an entity of another type", withContext({ who: uid("Group", "g") })],
  ["an extension value of another kind", withContext({ from: { __extn: { fn: "decimal", arg: "1.0" } } })],
  ["an unknown action", { ...REQUEST, action: uid("Action", "none") }],
  ["an action without its namespace", { ...REQUEST, action: uid("N::Action", "view") }],
  ["a wrong principal type", { ...REQUEST, principal: uid("Group", "g") }],
  ["a wrong resource type", { ...REQUEST, resource: uid("User", "a") }],
  ["an entity not listed in its type", { ...REQUEST, resource: uid("Color", "blue") }],
  ["a context that is no record", { ...REQUEST, context: [] }],
  ["an action that applies to nothing", { ...REQUEST, action: uid("Action", "all"), context: {} }],
];

describe("a request that does not fit the schema is refused", () => {
  test.each(REFUSED)("%s", async (_name, request) => {
    const set = await load("true");
    const store = entityStore(set, [USER]);
    for (const engine of ["compiled", "reference"] as const) {
      expect(() => authorize(set, request as typeof REQUEST, store, { engine })).toThrow(
        expect.objectContaining({ code: "POLICY_REQUEST" }),
      );
    }
  });

  test.each([
    ["undefined", withContext({ n: undefined })],
    ["a double that lost digits", withContext({ n: 2 ** 53 })],
    ["half a surrogate pair", { ...REQUEST, principal: uid("User", "\ud800") }],
    ["an inherited attribute", { ...REQUEST, context: Object.create(CONTEXT) as Record<string, CedarJson> }],
    ["a uid with more fields", { ...REQUEST, principal: { ...uid("User", "a"), more: 1 } }],
    ["a uid that is none", { ...REQUEST, principal: "User::a" }],
    ["nothing", {}],
    ["a deep value", withContext({ from: JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`) as unknown })],
  ])("%s", async (_name, request) => {
    const set = await load("true");
    expect(() => authorize(set, request as unknown as typeof REQUEST, entityStore(set, [USER]))).toThrow(
      expect.objectContaining({ code: "POLICY_REQUEST" }),
    );
  });

  test("the context is read by its type even when the request is not validated", async () => {
    const set = await load("true");
    const store = entityStore(set, [USER]);
    const loose = { ...REQUEST, resource: uid("Other::Kind", "x") };
    for (const engine of ["compiled", "reference"] as const) {
      const options = { engine, validateRequest: false };
      expect(authorize(set, loose, store, options).decision).toBe("allow");
      expect(() => authorize(set, withContext({ more: 1 }), store, options)).toThrow();
      expect(() => authorize(set, { ...REQUEST, action: uid("Action", "none") }, store, options)).toThrow();
    }
  });
});

const group = (id: string, ...parents: string[]) => ({
  uid: uid("Group", id),
  attrs: {},
  parents: parents.map((each) => uid("Group", each)),
});
const ACTION = { uid: uid("Action", "view"), attrs: {}, parents: [uid("Action", "some"), uid("Action", "all")] };

const BAD_ENTITIES: readonly (readonly [string, readonly unknown[]])[] = [
  ["a cycle", [group("a", "b"), group("b", "c"), group("c", "a")]],
  ["a self-parent", [group("a", "a")]],
  ["two different entries for one entity", [group("a"), group("a", "b")]],
  ["an undeclared type", [{ uid: uid("Robot", "r"), attrs: {}, parents: [] }]],
  ["an undeclared attribute", [{ uid: uid("Group", "g"), attrs: { x: 1 }, parents: [] }]],
  ["a missing attribute", [{ ...USER, attrs: { ids: [1], limits: { max: 3 } } }]],
  ["a parent of a type that may hold none of it", [{ ...USER, parents: [uid("User", "b")] }]],
  ["an action without all its groups", [{ ...ACTION, parents: [uid("Action", "some")] }]],
  ["an action with a group it is not in", [{ ...ACTION, parents: [...ACTION.parents, uid("Action", "view2")] }]],
  ["an unknown action", [{ uid: uid("Action", "none"), attrs: {}, parents: [] }]],
  ["a tag of another type", [{ ...USER, tags: { k: 1 } }]],
  ["a tag where none may be", [{ ...group("g"), tags: { k: "v" } }]],
  ["an entity not listed in its type", [{ uid: uid("Color", "blue"), attrs: {}, parents: [] }]],
];

describe("entities that do not fit are refused", () => {
  test.each(BAD_ENTITIES)("%s", async (_name, entities) => {
    const set = await load("true");
    expect(() => entityStore(set, entities as never)).toThrow(expect.objectContaining({ code: "POLICY_ENTITIES" }));
    const official = { ...entityStore(set, []), given: entities };
    expect(() => authorize(set, REQUEST, official as never, { engine: "reference" })).toThrow();
  });

  test.each([
    ["identical entries", [group("a", "b"), group("a", "b")]],
    ["undeclared parents", [group("a", "nobody")]],
    ["an action with all its groups", [ACTION]],
    ["a chain of 2,000", Array.from({ length: 2_000 }, (_, index) => group(`n${index}`, `n${index + 1}`))],
  ])("but not %s", async (_name, entities) => {
    const set = await load("true");
    const store = entityStore(set, entities);
    expect(store.size).toBeGreaterThan(0);
    expect(authorize(set, REQUEST, store).decision).toBe("allow");
  });

  test("a store of another set is refused", async () => {
    const store = entityStore(await load("true"), []);
    const other = await load("true");
    expect(() => authorize(other, REQUEST, store)).toThrow(expect.objectContaining({ code: "POLICY_ENTITIES" }));
  });
});
