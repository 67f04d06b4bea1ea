import { createRequire } from "node:module";

import type * as cedarTypes from "@cedar-policy/cedar-wasm/nodejs";
import { decide, entityStore, loadPolicySet } from "@writ/policy";
import type { EntityJson, PolicyRequest } from "@writ/policy";

import { cedarRequest, cedarText, CEDAR_SCHEMA, NO_ENTITIES } from "./rules.ts";
import type { Ask, Rule, Shape } from "./rules.ts";

/** Answers request number `call` of its list: allowed or not. */
export type Answerer = (call: number) => boolean;

const require = createRequire(import.meta.url);

/** Writ's own decision from a plain request, conversion and the check against the schema included. */
export async function writEngine(parts: {
  readonly text: string;
  readonly schema: string;
  readonly entities: readonly EntityJson[];
  readonly requests: readonly PolicyRequest[];
}): Promise<Answerer> {
  const set = await loadPolicySet({
    policies: [{ name: "bench.cedar", text: parts.text }],
    schema: { name: "bench.cedarschema", text: parts.schema },
  });
  const store = entityStore(set, parts.entities);
  const { requests } = parts;
  return (call) => decide(set, requests[call % requests.length]!, store).outcome === "allow";
}

let preparsed = 0;

/** The official engine with policies and schema parsed once, checking the request against the schema as ours does. */
export function officialEngine(parts: {
  readonly text: string;
  readonly schema: string;
  readonly entitiesOf: (request: PolicyRequest) => readonly EntityJson[];
  readonly requests: readonly PolicyRequest[];
}): Answerer {
  const cedar = require("@cedar-policy/cedar-wasm/nodejs") as typeof cedarTypes;
  const name = `bench-${preparsed++}`;
  must(cedar.preparsePolicySet(name, { staticPolicies: parts.text }));
  must(cedar.preparseSchema(name, parts.schema));
  const calls = parts.requests.map((request) => ({
    ...request,
    preparsedPolicySetId: name,
    preparsedSchemaName: name,
    validateRequest: true,
    entities: parts.entitiesOf(request).map((entity) => ({ attrs: {}, parents: [], ...entity })),
  })) as unknown as readonly cedarTypes.StatefulAuthorizationCall[];
  return (call) => {
    const answer = cedar.statefulIsAuthorized(calls[call % calls.length]!);
    return must(answer).response.decision === "allow";
  };
}

function must<Answer extends { readonly type: string }>(answer: Answer): Extract<Answer, { type: "success" }> {
  if (answer.type !== "success") throw new Error(`cedar-wasm refused: ${JSON.stringify(answer).slice(0, 300)}`);
  return answer as Extract<Answer, { type: "success" }>;
}

/** The rules as one policy document of the Agent Governance Toolkit, and its rich evaluation of a context. */
export function toolkitEngine(rules: readonly Rule[], asks: readonly Ask[]): Answerer {
  const { PolicyEngine } = require("@microsoft/agent-governance-sdk") as {
    PolicyEngine: new () => {
      loadPolicy(policy: object): void;
      evaluatePolicy(agent: string, context: object): { readonly allowed: boolean };
    };
  };
  const engine = new PolicyEngine();
  engine.loadPolicy({
    name: "bench",
    default_action: "deny",
    rules: rules.map(({ tool, amountMax, environment }, number) => ({
      name: `r${number}`,
      condition: `tool == '${tool}' and amount <= ${amountMax} and environment == '${environment}'`,
      ruleAction: "allow",
    })),
  });
  return (call) => engine.evaluatePolicy("did:agent:claude", { ...asks[call % asks.length]! }).allowed;
}

/** Writ and the official engine over one set of rules. */
export async function cedarEngines(
  shape: Shape,
  rules: readonly Rule[],
  asks: readonly Ask[],
): Promise<{ writ: Answerer; official: Answerer }> {
  const text = cedarText(shape, rules);
  const requests = asks.map(cedarRequest);
  return {
    writ: await writEngine({ text, schema: CEDAR_SCHEMA, entities: NO_ENTITIES, requests }),
    official: officialEngine({ text, schema: CEDAR_SCHEMA, entitiesOf: () => NO_ENTITIES, requests }),
  };
}
