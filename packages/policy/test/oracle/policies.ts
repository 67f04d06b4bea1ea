import * as fc from "fast-check";

import { ENTITIES, expressionTexts } from "./expressions.ts";

const { bool, any } = expressionTexts();
const users = fc.constantFrom('User::"a"', 'User::"b"', 'User::"ghost"', 'User::"__proto__"');
const groups = fc.constantFrom('Group::"g"', 'Group::"h"', 'Group::"top"', 'User::"a"');

function scopeOf(variable: string, equal: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constant(variable), weight: 9 },
    equal.map((each) => `${variable} == ${each}`),
    groups.map((each) => `${variable} in ${each}`),
    fc.constantFrom("User", "Group", "N::T").map((each) => `${variable} is ${each}`),
    fc.tuple(fc.constantFrom("User", "Group"), groups).map(([type, group]) => `${variable} is ${type} in ${group}`),
  );
}

const action = fc.oneof(
  { arbitrary: fc.constant("action"), weight: 9 },
  fc.constantFrom("view", "edit").map((each) => `action == Action::"${each}"`),
  fc.constantFrom("view", "all", "top").map((each) => `action in Action::"${each}"`),
  fc
    .subarray(["view", "edit", "all", "top"])
    .map((ids) => `action in [${ids.map((id) => `Action::"${id}"`).join(", ")}]`),
);

/** Conditions that an index may look at, with what may and may not stand before them. */
const keyedOn = (paths: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom("", "", "true && ", "context has s && ", "context has n && ", "principal is User && ", "context.n + 1 > 0 && ", 'principal == User::"a" && ', "context.flag && "),
      fc.constantFrom(...paths),
      fc.constantFrom('"a"', '"b"', '""', "1", "7", "true", 'User::"a"', 'Group::"g"'),
      fc.constantFrom("is", "reversed", "among"),
      fc.oneof(fc.constant(""), bool.map((text) => ` && ${text}`)),
    )
    .map(([before, path, literal, form, after]) => {
      if (form === "is") return `${before}${path} == ${literal}${after}`;
      if (form === "reversed") return `${before}${literal} == ${path}${after}`;
      return `${before}[${literal}, "a", "a", 7].contains(${path})${after}`;
    }); // prettier-ignore
const PATHS = ["context.s", "principal.s", "context.n", "context.flag", "principal.who", "context.rec.n", "resource"];
const keyed = keyedOn(PATHS);

const clause = fc
  .tuple(fc.constantFrom("when", "when", "unless"), fc.oneof({ arbitrary: bool, weight: 5 }, { arbitrary: keyed, weight: 5 }, { arbitrary: any, weight: 1 }))
  .map(([kind, text]) => `${kind} { ${text} }`); // prettier-ignore

/** The text of one policy. */
export const policy: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("permit", "permit", "permit", "forbid"),
    scopeOf("principal", users),
    action,
    scopeOf("resource", fc.constantFrom(...ENTITIES)),
    fc.array(clause, { minLength: 0, maxLength: 2 }),
  )
  .map(
    ([effect, principal, act, resource, clauses]) =>
      `${effect}(${principal}, ${act}, ${resource}) ${clauses.join(" ")};`,
  );

/** The texts of policies that meet in few tables of the condition index. */
export const keyedPolicies: fc.Arbitrary<string[]> = fc.subarray(PATHS, { minLength: 1, maxLength: 2 }).chain((paths) =>
  fc.array(
    fc
      .tuple(fc.constantFrom("permit", "forbid"), fc.constantFrom("resource", "resource is Group"), keyedOn(paths))
      .map(([effect, resource, text]) => `${effect}(principal, action, ${resource}) when { ${text} };`),
    { minLength: 20, maxLength: 20 },
  ),
);
