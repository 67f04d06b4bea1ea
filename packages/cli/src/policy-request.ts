import { parseJsonExact, WritError, type ExactJson } from "@writ/canon";
import type { PolicyRequest } from "@writ/policy";

const KEYS = ["principal", "action", "resource", "context", "entities"] as const;

/**
 * Reads the file of `writ policy explain`: `{principal, action, resource, context?, entities?}`, with entities as
 * `{"type", "id"}`. The values inside are checked by the engine, against the schema.
 *
 * @throws WritError `POLICY_REQUEST`.
 */
export function readPolicyRequest(bytes: Uint8Array): {
  readonly request: PolicyRequest;
  readonly entities: ExactJson;
} {
  const json = parseJsonExact(bytes);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw refused("the file", "is not an object");
  const given = json as { readonly [key: string]: ExactJson };
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key as (typeof KEYS)[number]));
  if (unknown !== undefined) throw refused(`\`${unknown}\``, "is not a known field");
  for (const key of ["principal", "action", "resource"] as const) {
    if (!Object.hasOwn(given, key)) throw refused(`\`${key}\``, "is missing");
  }
  const { principal, action, resource, context = {}, entities = [] } = given;
  return { request: { principal, action, resource, context } as unknown as PolicyRequest, entities };
}

function refused(what: string, problem: string): WritError {
  return new WritError({
    code: "POLICY_REQUEST",
    message: `${what} ${problem}`,
    reason: "a request file holds principal, action, resource, context and entities",
    next: 'for example {"principal": {"type": "Agent", "id": "claude"}, "action": {"type": "Action", "id": "act"}, …}',
  });
}
