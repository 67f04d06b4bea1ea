import type { EntityJson, PolicyRequest } from "@writ/policy";

import { randomOf } from "./rules.ts";

/** Conditions that every request must run: the forbids without a scope, and the permits of its tool's box. */
export const MUST_RUN = 31;
const UNSCOPED = 20;
const IN_BOX = MUST_RUN - UNSCOPED;
const BOXES = 89;
const TOOLS = 400;
const ASKS = 512;

export const MIXED_SCHEMA = `
entity Team;
entity Agent in [Team] = { level: Long };
entity Box;
entity Tool in [Box] = { risky: Bool };
action call appliesTo { principal: Agent, resource: Tool, context: {
  amount: Long, hour: Long, urgent: Bool, region: String, path: String,
  tags: Set<String>, caller: { team: String, depth: Long }, source: ipaddr } };
`;

/** 999 policies of ten shapes: two in a hundred are forbids over everything, the others belong to a box of tools. */
export function mixedPolicies(): string {
  const random = randomOf(7);
  const pick = (below: number): number => Math.floor(random() * below);
  const forbids = [
    () => `context.amount > ${900 + pick(100)} && context.urgent`,
    () => `context.tags.contains("tag-${90 + pick(10)}")`,
    () => `context.source.isInRange(ip("10.${pick(200)}.0.0/16")) && context.hour < ${pick(4)}`,
    () => `context.path like "*/secret-${pick(50)}/*"`,
    () => `context.caller.depth > ${6 + pick(3)} && principal.level < ${pick(3)}`,
  ];
  const permits = [
    () => `context.amount <= ${pick(1000)}`,
    () => `context.hour >= ${pick(12)} && context.hour < ${12 + pick(12)} && !context.urgent`,
    () => `context.tags.containsAny(["tag-${pick(90)}", "tag-${pick(90)}"])`,
    () => `principal.level >= ${1 + pick(8)} && !resource.risky`,
    () => `context.path like "/work/${pick(20)}/*" || context.amount * 2 < ${pick(500)}`,
  ];
  const unscoped = Array.from(
    { length: UNSCOPED },
    (_, n) => `@id("f${n}") forbid (principal, action, resource) when { ${forbids[n % forbids.length]!()} };\n`,
  );
  const boxed = Array.from({ length: BOXES * IN_BOX }, (_, n) => {
    const scope = `permit (principal in Team::"team-1", action == Action::"call", resource in Box::"box-${n % BOXES}")`;
    return `@id("p${n}") ${scope} when { ${permits[Math.floor(n / BOXES) % permits.length]!()} };\n`;
  });
  return [...unscoped, ...boxed].join("");
}

export function mixedEntities(): readonly EntityJson[] {
  const tools = Array.from({ length: TOOLS }, (_, n) => ({
    uid: { type: "Tool", id: `tool-${n}` },
    attrs: { risky: n % 7 === 0 },
    parents: [{ type: "Box", id: `box-${n % BOXES}` }],
  }));
  const agent = {
    uid: { type: "Agent", id: "claude" },
    attrs: { level: 3 },
    parents: [{ type: "Team", id: "team-1" }],
  };
  return [agent, ...tools];
}

export function mixedRequests(): readonly PolicyRequest[] {
  const random = randomOf(11);
  const pick = (below: number): number => Math.floor(random() * below);
  return Array.from({ length: ASKS }, () => ({
    principal: { type: "Agent", id: "claude" },
    action: { type: "Action", id: "call" },
    resource: { type: "Tool", id: `tool-${pick(TOOLS)}` },
    context: {
      amount: pick(1000),
      hour: pick(24),
      urgent: pick(2) === 1,
      region: `region-${pick(5)}`,
      path: `/work/${pick(20)}/secret-${pick(100)}/file-${pick(100)}`,
      tags: [`tag-${pick(100)}`, `tag-${pick(100)}`, `tag-${pick(100)}`],
      caller: { team: "team-1", depth: pick(10) },
      source: { __extn: { fn: "ip", arg: `10.${pick(255)}.${pick(255)}.1` } },
    },
  }));
}
