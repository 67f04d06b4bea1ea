import { compareCodeUnits, type ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { directHost, inputLines } from "./hosts.ts";

/** Whether an execution's words speak of its target alone (spec kernel.md §10.3, v0.1). */
export interface FidelityReport {
  readonly verdict: "pass" | "review" | "fail";
  readonly target_host: string;
  readonly all_hosts_detected: readonly string[];
  readonly mismatched_hosts_detected: readonly string[];
  readonly target_host_match_status: "exact" | "mixed" | "none_detected";
  readonly request_shape_hygiene_status: "clean" | "cross_host_mismatch" | "ambiguous";
  readonly request_shape_hygiene_reason: string;
  /** Names of the inputs that decided, joined by `+`, or `none`. */
  readonly request_shape_hygiene_source: string;
}

export interface FidelityInput {
  readonly target: string;
  readonly args: readonly string[];
  readonly plan: readonly { readonly args: readonly string[]; readonly stdin: string }[];
  readonly targetInScope: boolean | undefined;
}

/** Reads the reference's form. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseFidelityInput(value: ExactJson): FidelityInput {
  const flag = member(value, "target_in_scope") ?? undefined;
  if (flag !== undefined && typeof flag !== "boolean") throw recordRefusal("invalid_boolean_field:target_in_scope", 11);
  return {
    target: textOr(value, "target_host") || textOr(value, "target"),
    args: textList(member(value, "normalized_args")),
    plan: listOf(member(value, "execution_plan")).map((step) => {
      if (!isExactRecord(step)) throw recordRefusal("invalid_execution_shape", 12);
      return { args: textList(member(step, "args")), stdin: textOr(step, "stdin") };
    }),
    targetInScope: flag,
  };
}

/** The hosts that words name, sorted and without repeats. */
export function shapeHosts(words: readonly string[]): readonly string[] {
  return sortedSet(words.flatMap(wordHosts).filter((host) => host !== ""));
}

/**
 * The report. Words are read twice: for names with a dot alone, and for every host of a URL, with or without a dot, user,
 * brackets or a flag before it (§27 no. 14). The more severe reading counts, so that finding more never excuses anything.
 */
export function scopeFidelity(input: FidelityInput): FidelityReport {
  const [plain, typed] = [plainFidelity(input), fidelityBy(input, wordHosts)];
  return SEVERITY.indexOf(typed.verdict) >= SEVERITY.indexOf(plain.verdict) ? typed : plain;
}

/** The report of names with a dot alone. */
export function plainFidelity(input: FidelityInput): FidelityReport {
  return fidelityBy(input, plainHosts);
}

const SEVERITY = ["pass", "review", "fail"];

type HostReader = (word: string) => readonly string[];

function fidelityBy(input: FidelityInput, hostsOf: HostReader): FidelityReport {
  const target = hostsOf(input.target)[0] ?? "";
  const sources = [
    { name: "normalized_args", hosts: input.args.flatMap(hostsOf) },
    {
      name: "execution_plan",
      hosts: input.plan.flatMap(({ args, stdin }) => [...args, ...inputLines(stdin)]).flatMap(hostsOf),
    },
  ].map(({ name, hosts }) => ({ name, hosts: hosts.filter((host) => host !== "") }));
  const all = sortedSet(sources.flatMap(({ hosts }) => hosts));
  const mismatched = all.filter((host) => host !== target);
  const decisive = sources.filter(({ hosts }) =>
    mismatched.length > 0 ? hosts.some((host) => host !== target) : hosts.length > 0,
  );
  const report = {
    target_host: target,
    all_hosts_detected: all,
    mismatched_hosts_detected: mismatched,
    request_shape_hygiene_source: decisive.map(({ name }) => name).join("+") || "none",
  };
  return withTargetScope({ ...report, ...shapeVerdict(all, mismatched) }, input.targetInScope);
}

/** The host a word stands for; of a flag, what stands behind `=`, `-H` or at its URL (spec kernel.md §10.2, artifact library). */
function wordHosts(word: string): readonly string[] {
  const text = word
    .trim()
    .replace(/^-H\s*/, "")
    .replace(HEADER, "");
  if (text.startsWith("-")) {
    const value = /^-[^=]*=(.*)$/s.exec(text)?.[1] ?? /https?:\/\/.*$/is.exec(text)?.[0] ?? "";
    return value === "" || value.startsWith("-") ? [] : wordHosts(value);
  }
  if (/^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(text)) return [directHost(text)];
  if (text.includes("@")) return [];
  return [dottedName(text)];
}

/** Of letters, digits and hyphens, and never beside an `@`. */
function plainHosts(word: string): readonly string[] {
  const text = word.trim().replace(HEADER, "");
  if (text.startsWith("-") || text.includes("@") || /^file:/i.test(text)) return [];
  return [dottedName(text)];
}

const HEADER = /^(?:host|origin|referer|authority):\s*/i;

function dottedName(text: string): string {
  const host = directHost(text.replace(/^\*\./, ""));
  return host.includes(".") && /^[a-z0-9.-]+$/.test(host) ? host : "";
}

type ShapeVerdict = Pick<
  FidelityReport,
  "verdict" | "target_host_match_status" | "request_shape_hygiene_status" | "request_shape_hygiene_reason"
>;

function shapeVerdict(all: readonly string[], mismatched: readonly string[]): ShapeVerdict {
  if (mismatched.length > 0)
    return {
      verdict: "fail",
      target_host_match_status: "mixed",
      request_shape_hygiene_status: "cross_host_mismatch",
      request_shape_hygiene_reason: `mismatched_hosts_detected:${mismatched.join(",")}`,
    };
  if (all.length > 0)
    return {
      verdict: "pass",
      target_host_match_status: "exact",
      request_shape_hygiene_status: "clean",
      request_shape_hygiene_reason: "all_detected_hosts_match_target",
    };
  return {
    verdict: "review",
    target_host_match_status: "none_detected",
    request_shape_hygiene_status: "ambiguous",
    request_shape_hygiene_reason: "no_hosts_detected_in_execution_shape",
  };
}

function withTargetScope(report: FidelityReport, inScope: boolean | undefined): FidelityReport {
  if (inScope === false)
    return { ...report, verdict: "fail", request_shape_hygiene_reason: "target_explicitly_out_of_scope" };
  if (inScope === true || report.verdict === "fail") return report;
  return { ...report, verdict: "review", request_shape_hygiene_reason: "target_scope_not_checked" };
}

function listOf(value: ExactJson | undefined): readonly ExactJson[] {
  if (value === undefined || value === null) return [];
  if (!isExactList(value)) throw recordRefusal("invalid_execution_shape", 12);
  return value;
}

function textOr(value: ExactJson | undefined, key: string): string {
  const found = member(value, key) ?? "";
  if (typeof found !== "string") throw recordRefusal("invalid_execution_shape", 12);
  return found;
}

function textList(value: ExactJson | undefined): readonly string[] {
  return listOf(value).map((item) => {
    if (typeof item !== "string") throw recordRefusal("invalid_execution_shape", 12);
    return item;
  });
}

function sortedSet(hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts)].toSorted(compareCodeUnits);
}
