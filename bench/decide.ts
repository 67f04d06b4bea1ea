import { cedarEngines, officialEngine, toolkitEngine, writEngine } from "./engines.ts";
import type { Answerer } from "./engines.ts";
import { interleave, medianOf, sampleCalls } from "./measure.ts";
import type { Series } from "./measure.ts";
import { mixedEntities, mixedPolicies, mixedRequests, MIXED_SCHEMA, MUST_RUN } from "./mixed-rules.ts";
import { loadOpa, OPA_VARIABLE } from "./opa.ts";
import type { OpaSet } from "./opa.ts";
import { atLeast, atMost, figure } from "./report.ts";
import type { Context, Figure, Goal, Report } from "./report.ts";
import { asksOf, COUNTS, expected, rulesOf, SHAPES } from "./rules.ts";
import type { Shape } from "./rules.ts";

const SHAPE_NAMES = { scope: "tool in the scope", when: "tool in `when`" } as const;

/** Decisions against the engines others use, on the same rules and requests (ARCHITECTURE §8, spec policy.md §6). */
export async function decideBenchmark(context: Context): Promise<Report> {
  const wrong: string[] = [];
  const figures: Figure[] = [];
  const goals: Goal[] = [];
  const opaPath = process.env[OPA_VARIABLE];
  const opa = opaPath === undefined ? undefined : await loadOpa(opaPath);
  for (const shape of SHAPES) {
    for (const count of COUNTS) {
      context.say(`${SHAPE_NAMES[shape]}, ${count} policies`);
      const series = await contest({ shape, count, context, opa, wrong });
      const label = `${SHAPE_NAMES[shape]}, ${count}`;
      figures.push(...figuresOf(label, series));
      goals.push(...goalsOf(label, count, series["writ"]!));
    }
  }
  const mixed = await mixedContest(context, wrong);
  const empty = await race({ writ: () => true }, context);
  const mixedLabel = `mixed, ${MUST_RUN} conditions must run, 8 attributes, 999`;
  figures.push(...figuresOf(mixedLabel, mixed));
  goals.push(atMost(`${mixedLabel}: p50`, medianOf(mixed["writ"]!, "p50"), 2.5 + 0.25 * MUST_RUN, { unit: " µs" }));
  return {
    title: "Decisions",
    how: [
      "One process, one core. Each engine answers 512 different requests in turn; every answer is compared before timing with one computed without any engine (the mixed set: with the official engine).",
      "Requests are plain objects, converted and checked against the schema in each call; rates come from loops without timers, p50 and p99 from single calls (what the timer itself takes is included: the last line).",
      "Rules: N permits, default deny, each one tool, an upper amount and an environment. cedar-wasm has policies and schema parsed beforehand. AGT is `evaluatePolicy` of `@microsoft/agent-governance-sdk`.",
      "The mixed set has ten shapes of conditions over hierarchies, records, sets, `like`, ranges and IP addresses; AGT's language has no such conditions.",
    ],
    figures: [...figures, figure("nothing: what the timer itself takes", empty["writ"]!)],
    goals,
    notMeasured:
      opa === undefined
        ? [
            `OPA: its wasm modules come from the \`opa\` compiler, which no package of the registry brings. With one: \`npm run bench -- rego > bench.rego\`, compile as its first line says, then \`${OPA_VARIABLE}=bundle.tar.gz npm run bench -- decide\`.`,
          ]
        : [],
    wrong,
  };
}

async function contest(parts: {
  readonly shape: Shape;
  readonly count: number;
  readonly context: Context;
  readonly opa: ((name: string) => OpaSet) | undefined;
  readonly wrong: string[];
}): Promise<Record<string, Series>> {
  const { shape, count, context, opa, wrong } = parts;
  const rules = rulesOf(count);
  const asks = asksOf(rules);
  const engines: Record<string, Answerer> = {
    ...(await cedarEngines(shape, rules, asks)),
    AGT: toolkitEngine(rules, asks),
  };
  if (opa !== undefined) {
    const set = opa(`${shape}_${count}`);
    engines["OPA"] = (call) => set.evaluate(asks[call % asks.length]!);
  }
  const right = asks.map((ask) => expected(rules, ask));
  for (const [name, answer] of Object.entries(engines)) check(`${name}, ${shape} ${count}`, answer, right, wrong);
  return race(engines, context);
}

async function mixedContest(context: Context, wrong: string[]): Promise<Record<string, Series>> {
  context.say("mixed set");
  const text = mixedPolicies();
  const entities = mixedEntities();
  const requests = mixedRequests();
  // The official engine reads its entities in each call: it is given the two that a request needs.
  const [agent, ...tools] = entities;
  const toolOf = new Map(tools.map((tool) => [tool.uid.id, tool]));
  const official = officialEngine({
    text,
    schema: MIXED_SCHEMA,
    entitiesOf: ({ resource }) => [agent!, toolOf.get(resource.id)!],
    requests,
  });
  const writ = await writEngine({ text, schema: MIXED_SCHEMA, entities, requests });
  const right = requests.slice(0, context.quick ? 64 : 512).map((_, call) => official(call));
  check("writ, mixed", writ, right, wrong);
  if (!right.includes(true) || !right.includes(false)) wrong.push("the mixed set answers every request alike");
  return race({ writ, official }, context);
}

function check(name: string, answer: Answerer, right: readonly boolean[], wrong: string[]): void {
  const differing = right.filter((allowed, call) => answer(call) !== allowed).length;
  if (differing > 0) wrong.push(`${name}: ${differing} of ${right.length} answers differ`);
}

function race(engines: Record<string, Answerer>, { quick, rounds }: Context): Promise<Record<string, Series>> {
  const ms = quick ? 40 : 300;
  const turns = Object.entries(engines).map(([name, answer]) => [
    name,
    () => sampleCalls(ms, (call) => void answer(call), name === "writ" ? 256 : 1),
  ]);
  return interleave({ rounds }, Object.fromEntries(turns) as Record<string, () => ReturnType<typeof sampleCalls>>);
}

function figuresOf(label: string, { writ, official, AGT, OPA }: Record<string, Series>): Figure[] {
  if (writ === undefined || official === undefined) return [];
  return [
    figure(`${label}: Writ`, writ, { of: "cedar-wasm", series: official }),
    figure(`${label}: cedar-wasm`, official),
    ...(OPA === undefined ? [] : [figure(`${label}: OPA wasm`, OPA, { of: "cedar-wasm", series: official })]),
    ...(AGT === undefined ? [] : [figure(`${label}: AGT`, AGT, { of: "cedar-wasm", series: official })]),
  ];
}

function goalsOf(label: string, count: number, writ: Series): Goal[] {
  const p50 = count >= 1000 ? 0.6 : 0.5;
  const first = count === 100 ? [] : [atMost(`${label}: p50`, medianOf(writ, "p50"), p50, { unit: " µs" })];
  return [
    ...first,
    atMost(`${label}: p99`, medianOf(writ, "p99"), 3, { unit: " µs" }),
    atLeast(`${label}: decisions`, medianOf(writ, "perSecond") / 1e6, 1.5, { unit: " million/s" }),
  ];
}
