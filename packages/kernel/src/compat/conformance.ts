import { type ExactJson, isWritError } from "@writ/canon";
import { invalidCases } from "./conformance-cases.ts";
import { isExactList, isExactRecord, member, sameExact, textMember } from "./exact-record.ts";
import { scliteTextV01 } from "./sclite-json-v01.ts";
import type { Operation, Outcome } from "./operations/operation.ts";
import { operations } from "./operations/index.ts";

/** `stricter` is a refusal that a rule of spec kernel.md §27 asks for where the reference accepts. */
export type CaseVerdict = "same" | "stricter" | "different" | "unsupported";

export interface CaseResult {
  readonly id: string;
  readonly operation: string;
  readonly verdict: CaseVerdict;
  /** With `stricter`: the number of the rule in §27. */
  readonly rule?: number;
  /** With `different`: the product's answer in the reference's form, as `sclite-json-v0.1` text. */
  readonly actual?: string;
}

export interface ConformanceReport {
  readonly results: readonly CaseResult[];
  readonly counts: Readonly<Record<CaseVerdict, number>>;
  /** True when there is a case and none is different or unsupported. */
  readonly passed: boolean;
}

/** Most cases one run takes. */
const CASES_MAX = 100_000;

/**
 * Plays cases of the reference against the product. `cases` is `{"cases":[{id, operation, input, expected}]}` or the
 * list itself, read with `parseConformanceCases`. Only what `expected` names is compared. Throws `CONFORMANCE_CASES_INVALID`.
 */
export function runConformance(cases: ExactJson): ConformanceReport {
  const results = casesOf(cases).map(runCase);
  const counts = { same: 0, stricter: 0, different: 0, unsupported: 0 };
  for (const { verdict } of results) counts[verdict]++;
  return { results, counts, passed: results.length > 0 && counts.different === 0 && counts.unsupported === 0 };
}

/** `same`, `stricter: §27 no. N`, `DIFFERENT` or `unsupported`. */
export function verdictText({ verdict, rule }: CaseResult): string {
  if (verdict === "stricter") return `stricter: §27 no. ${String(rule)}`;
  return verdict === "different" ? "DIFFERENT" : verdict;
}

interface Case {
  readonly id: string;
  readonly operation: string;
  readonly input: ExactJson;
  readonly expected: ExactJson;
}

function casesOf(document: ExactJson): readonly Case[] {
  const list = isExactList(document) ? document : member(document, "cases");
  if (!isExactList(list) || list.length > CASES_MAX) throw invalidCases("there is no list of cases, or it is too long");
  return list.map((item, index) => {
    const [id, operation] = [textMember(item, "id"), textMember(item, "operation")];
    const [input, expected] = [member(item, "input"), member(item, "expected")];
    if (id === undefined || operation === undefined || input === undefined || expected === undefined)
      throw invalidCases(`case \`${String(index)}\` lacks \`id\`, \`operation\`, \`input\` or \`expected\``);
    return { id, operation, input, expected };
  });
}

function runCase({ id, operation, input, expected }: Case): CaseResult {
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (run === undefined) return { id, operation, verdict: "unsupported" };
  const outcome = outcomeOf(run, input);
  const actual = inFormOf(expected, outcome);
  if (agrees(expected, actual) || (outcome.ok && outcome.nothing === true && isNothing(expected)))
    return { id, operation, verdict: "same" };
  if (outcome.stricter !== undefined && differsByRule(outcome, expected, actual))
    return { id, operation, verdict: "stricter", rule: outcome.stricter };
  return { id, operation, verdict: "different", actual: scliteTextV01(actual) };
}

/** A typed refusal that an operation lets through is its answer; anything else is a fault of ours and ends the run. */
function outcomeOf(run: Operation, input: ExactJson): Outcome {
  try {
    return run(input);
  } catch (error) {
    if (!isWritError(error)) throw error;
    const { reason, rule } = error.details;
    const stricter = typeof rule === "number" ? { stricter: rule } : {};
    return { ok: false, error: typeof reason === "string" ? reason : error.code, ...stricter };
  }
}

/** The reference's answers come bare, or wrapped as `{ok:true, value}` and `{ok:false, error}`. */
function inFormOf(expected: ExactJson, outcome: Outcome): ExactJson {
  if (!outcome.ok) return { ok: false, error: outcome.error };
  const wrapped =
    typeof member(expected, "ok") === "boolean" &&
    (member(expected, "value") !== undefined || member(expected, "error") !== undefined);
  return wrapped ? { ok: true, value: outcome.value } : outcome.value;
}

function isNothing(expected: ExactJson): boolean {
  const value = member(expected, "ok") === true ? member(expected, "value") : expected;
  return value === null || value === "";
}

/** Whether the rule that an outcome names covers what differs: everything, unless it names the members. */
function differsByRule(outcome: Outcome, expected: ExactJson, actual: ExactJson): boolean {
  if (!outcome.ok || outcome.differing === undefined) return true;
  const { differing } = outcome;
  const without = (value: ExactJson): ExactJson =>
    isExactRecord(value)
      ? Object.fromEntries(Object.entries(value).filter(([key]) => !differing.includes(key)))
      : value;
  const value = member(expected, "value");
  const wrapped = member(expected, "ok") === true && value !== undefined;
  return agrees(wrapped ? { ok: true, value: without(value) } : without(expected), actual);
}

/** Maps may hold more than is expected; lists have exactly the expected items, in order. */
function agrees(expected: ExactJson, actual: ExactJson): boolean {
  if (isExactRecord(expected)) {
    return (
      isExactRecord(actual) &&
      Object.entries(expected).every(([key, value]) => Object.hasOwn(actual, key) && agrees(value, actual[key] ?? null))
    );
  }
  if (isExactList(expected)) {
    return (
      isExactList(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => agrees(item, actual[index] ?? null))
    );
  }
  if (typeof expected === "string" && typeof actual === "string") return fixedPart(expected) === fixedPart(actual);
  return sameExact(expected, actual);
}

/**
 * How a schema validator words its finding, and what it calls the document, belongs to nobody's contract; that it refused
 * does, and whether it was the manifest or the guard.
 */
function fixedPart(text: string): string {
  if (SCHEMA_FINDING.test(text)) return "is malformed";
  const at = text.indexOf("schema validation failed");
  if (at === -1) return text;
  const words = text.slice(0, at).trimEnd().split(" ");
  const document = words.at(-1) ?? "";
  const named = document === "manifest" || document === "guard" || !/^\w+(?:\[\d+\])?$/.test(document);
  return [...(named ? words : words.slice(0, -1)), "is malformed"].join(" ").trim();
}

/** What the reference's own validator says of a document where nobody names it. */
const SCHEMA_FINDING = /^\$[^:]*: (?:expected|missing required field|unexpected fields) /;
