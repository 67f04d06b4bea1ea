import type { EntityJson, PolicyRequest } from "@writ/policy";

/** Where the tool stands in each rule: in the scope of a policy or in its condition. */
export type Shape = "scope" | "when";
export const SHAPES: readonly Shape[] = ["scope", "when"];
export const COUNTS: readonly number[] = [10, 100, 1000];

/** One rule as data, written below in each engine's language: this tool, up to this amount, in this environment. */
export interface Rule {
  readonly tool: string;
  readonly amountMax: number;
  readonly environment: string;
}

export interface Ask {
  readonly tool: string;
  readonly amount: number;
  readonly environment: string;
  readonly dry: boolean;
}

const ENVIRONMENTS = ["staging", "production", "local"];
const AMOUNT_MAX = 1000;
/** Requests that are asked in turn: enough that no engine answers from a cache of one. */
const ASKS = 512;

export function rulesOf(count: number): readonly Rule[] {
  const random = randomOf(count);
  return Array.from({ length: count }, (_, number) => ({
    tool: `tool-${number}`,
    amountMax: Math.floor(random() * AMOUNT_MAX),
    environment: ENVIRONMENTS[number % ENVIRONMENTS.length]!,
  }));
}

/** Nine in ten name a tool that has a rule, and about half of those fit it. */
export function asksOf(rules: readonly Rule[]): readonly Ask[] {
  const random = randomOf(rules.length + 1);
  return Array.from({ length: ASKS }, () => {
    const rule = rules[Math.floor(random() * rules.length)]!;
    return {
      tool: random() < 0.1 ? "tool-none" : rule.tool,
      amount: Math.floor(random() * rule.amountMax * 1.5),
      environment: random() < 0.8 ? rule.environment : ENVIRONMENTS[Math.floor(random() * ENVIRONMENTS.length)]!,
      dry: random() < 0.5,
    };
  });
}

/** The answer, without any engine. */
export function expected(rules: readonly Rule[], ask: Ask): boolean {
  return rules.some(
    ({ tool, amountMax, environment }) =>
      tool === ask.tool && ask.amount <= amountMax && ask.environment === environment,
  );
}

export const CEDAR_SCHEMA = `
entity Agent;
entity Tool;
action call appliesTo { principal: Agent, resource: Tool,
  context: { tool: String, amount: Long, environment: String, dry: Bool } };
`;

export function cedarText(shape: Shape, rules: readonly Rule[]): string {
  return rules
    .map(({ tool, amountMax, environment }, number) => {
      const resource = shape === "scope" ? `resource == Tool::"${tool}"` : "resource";
      const named = shape === "scope" ? "" : `context.tool == "${tool}" && `;
      return `@id("r${number}") permit (principal, action == Action::"call", ${resource}) when { ${named}context.amount <= ${amountMax} && context.environment == "${environment}" };\n`;
    })
    .join("");
}

export function cedarRequest(ask: Ask): PolicyRequest {
  return {
    principal: { type: "Agent", id: "claude" },
    action: { type: "Action", id: "call" },
    resource: { type: "Tool", id: ask.tool },
    context: { tool: ask.tool, amount: ask.amount, environment: ask.environment, dry: ask.dry },
  };
}

/** No entity has attributes or parents here. */
export const NO_ENTITIES: readonly EntityJson[] = [];

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
