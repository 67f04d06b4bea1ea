import { compareCodeUnits } from "@writ/canon";

import type { EntityStore } from "./entity-store.ts";
import { callOfficial } from "./official/official-engine.ts";
import type { Program } from "./program.ts";
import { requestRefusal } from "./refusal.ts";
import type { CedarAnswer, PolicyRequest } from "./types.ts";

interface OfficialResponse {
  readonly decision: "allow" | "deny";
  readonly diagnostics: {
    readonly reason: readonly string[];
    readonly errors: readonly { readonly policyId: string }[];
  };
}

/** The official engine's answer to the same question. About a thousand times slower; an oracle. */
export function authorizeByReference(
  program: Program,
  request: PolicyRequest,
  entities: EntityStore,
  validateRequest: boolean,
): CedarAnswer {
  const { schema, policies } = program.official;
  const answer = callOfficial("isAuthorized", {
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: request.context,
    ...(schema === undefined ? {} : { schema, validateRequest }),
    policies,
    entities: entities.given.map(completed),
  });
  if (answer.type === "failure") throw requestRefusal("request", `is refused: ${answer.errors[0]?.message ?? ""}`);
  const response = answer["response"] as OfficialResponse;
  return {
    decision: response.decision,
    reason: sortedIds(response.diagnostics.reason),
    errors: sortedIds(response.diagnostics.errors.map((error) => error.policyId)),
  };
}

/** The official form requires what ours may leave out. */
function completed(entity: unknown): unknown {
  return typeof entity === "object" && entity !== null ? { attrs: {}, parents: [], ...entity } : entity;
}

function sortedIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort(compareCodeUnits);
}
