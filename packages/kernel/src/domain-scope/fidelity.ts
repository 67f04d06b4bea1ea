import { sanitizeLegacyText } from "../artifacts/redaction.ts";
import type { FidelityInput } from "./fidelity-input.ts";
import { inputLines } from "./hosts.ts";
import { plainHosts, wordHosts, type HostReader } from "./word-hosts.ts";

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

/**
 * The report. Words are read twice: for names with a dot alone, and for every host, with or without a dot, brackets or a flag
 * before it (§27 no. 14). The second counts where it is more severe: finding more never excuses anything.
 */
export function scopeFidelity(input: FidelityInput): FidelityReport {
  const [plain, typed] = [plainFidelity(input), fidelityBy(input, everyHost)];
  return SEVERITY.indexOf(typed.verdict) > SEVERITY.indexOf(plain.verdict) ? typed : plain;
}

/** The report of names with a dot alone. */
export function plainFidelity(input: FidelityInput): FidelityReport {
  return fidelityBy(input, plainHosts);
}

const everyHost: HostReader = (word) => [...plainHosts(word), ...wordHosts(word)];

const SEVERITY = ["pass", "review", "fail"];

function fidelityBy(input: FidelityInput, hostsOf: HostReader): FidelityReport {
  const target = hostsOf(input.target)[0] ?? "";
  const sources = [
    { name: "normalized_args", hosts: input.args.flatMap(hostsOf) },
    {
      name: "execution_plan",
      hosts: input.plan.flatMap(({ args, stdin }) => [...args, ...inputLines(stdin)]).flatMap(hostsOf),
    },
  ].map(({ name, hosts }) => ({ name, hosts: hosts.filter((host) => host !== "") }));
  const all = [...new Set(sources.flatMap(({ hosts }) => hosts))];
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
  const judged = withTargetScope({ ...report, ...shapeVerdict(all, mismatched) }, input.targetInScope);
  return { ...judged, request_shape_hygiene_reason: sanitizeLegacyText(judged.request_shape_hygiene_reason) };
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
