import type { ExactJson } from "@writ/canon";
import { isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { stepFor } from "../precondition-links.ts";
import { artifactRefs, type ArtifactRefs } from "./artifact-refs.ts";
import { evaluateGateSummary, POLICY_PASSES, TICKET_PASSES, TRUST_PASSES } from "./gate-summary.ts";
import { policyBlocker, ticketBlocker, trustBlocker, type SignalBlocker } from "./signal-blockers.ts";
import {
  firstWord,
  flag,
  guardStatus,
  isContractPrepared,
  isEmpty,
  policyStatus,
  replayStatus,
  ticketStatus,
  trustStatus,
  type AdmissionSignals,
} from "./signal-status.ts";

export const ADMISSION_STATUSES = ["allowed", "blocked", "dry_run_only", "needs_review", "record_only"] as const;

export type AdmissionStatus = (typeof ADMISSION_STATUSES)[number];

/** Whether a prepared run may begin (spec kernel.md §20.2); `allowed` exactly when nothing blocks. */
export interface RuntimeAdmission {
  readonly admission_id: string;
  readonly subject_ref: string;
  readonly schema_version: "v0.1";
  readonly status: AdmissionStatus;
  readonly allowed: boolean;
  readonly reason_code: string;
  readonly blockers: readonly string[];
  readonly required_next_actions: readonly string[];
  readonly signals: AdmissionSignals;
  readonly runner_profile: {
    readonly name: string;
    readonly allowed: boolean;
    readonly live_backend_enabled: boolean;
    readonly metadata: ExactRecord;
  };
  readonly artifact_refs: ArtifactRefs;
  readonly metadata: ExactRecord;
}

/** Composes an admission from bounded summaries. Throws `GOVERNANCE_RECORD_INVALID`. */
export function composeAdmission(value: ExactJson): RuntimeAdmission {
  const record = recordOf(value, "invalid_runtime_admission");
  const signals = signalsOf(record, scannedSignal);
  const artifact_refs = artifactRefs(signals, referenceSignal(member(record, "artifact_refs") ?? {}));
  const policy = policyStatus(signals.policy_decision);
  const found = findingsOf(signals, flag(record, "runtime_consumable") ?? false, flag(record, "live") ?? false);
  const blockers = [...new Set(found.list.map(({ blocker }) => blocker))];
  const { runner_profile: runner } = signals;
  const metadata = mapField(record, "metadata", "invalid_admission_metadata");
  refuseForbiddenKeys("admission", metadata);
  return {
    admission_id: requiredText(record, "admission_id", "missing_runtime_admission_id"),
    subject_ref: requiredText(record, "subject_ref", "missing_runtime_admission_subject_ref"),
    schema_version: "v0.1",
    status: blockers.length === 0 ? "allowed" : blockedStatus(policy),
    allowed: blockers.length === 0,
    reason_code: found.reason,
    blockers,
    required_next_actions: [...new Set(found.list.map(({ action }) => action))],
    signals,
    runner_profile: {
      name: textField(runner, ["name", "profile"]) || "missing",
      allowed: flag(runner, "allowed") ?? false,
      live_backend_enabled: flag(runner, "live_backend_enabled") ?? false,
      metadata: mapField(runner, "metadata", "invalid_admission_metadata"),
    },
    artifact_refs,
    metadata,
  };
}

/** References of an admission that is not composed: nothing else of the summaries is read. Throws `GOVERNANCE_RECORD_INVALID`. */
export function admissionRefs(record: ExactRecord): ArtifactRefs {
  return artifactRefs(signalsOf(record, referenceSignal), referenceSignal(member(record, "artifact_refs") ?? {}));
}

/** Reads the summaries in the order in which their refusals count. */
function signalsOf(record: ExactRecord, read: (signal: ExactJson) => ExactRecord): AdmissionSignals {
  const signal = (key: string): ExactRecord => read(member(record, key) ?? {});
  return {
    prepared_execution_contract: signal("prepared_execution_contract"),
    policy_decision: signal("policy_decision"),
    execution_ticket: signal("execution_ticket"),
    trust_decision: signal("trust_decision"),
    runner_profile: signal("runner_profile"),
    receipt_obligation: signal("receipt_obligation"),
    sclite_guarded_strict: signal("sclite_guarded_strict"),
    replay_freshness: signal("replay_freshness"),
  };
}

function scannedSignal(signal: ExactJson): ExactRecord {
  if (!isExactRecord(signal)) throw recordRefusal("invalid_runtime_admission_signal");
  refuseForbiddenKeys("admission", signal);
  return signal;
}

function referenceSignal(signal: ExactJson): ExactRecord {
  if (!isExactRecord(signal)) throw recordRefusal("invalid_admission_artifact_refs");
  return signal;
}

/** True when the summary obliges the runner to leave a receipt. */
export function obligesReceipt(receipt: ExactRecord): boolean {
  if (isEmpty(receipt)) return false;
  const required = flag(receipt, "required") === true;
  return required || ["required", "passed", "ok"].includes(firstWord(receipt, "status", "obligation_status"));
}

interface Findings {
  readonly list: readonly SignalBlocker[];
  readonly reason: string;
}

function findingsOf(signals: AdmissionSignals, runtimeConsumable: boolean, live: boolean): Findings {
  const policy = policyStatus(signals.policy_decision);
  const ticket = ticketStatus(signals.execution_ticket);
  const trust = trustStatus(signals.trust_decision);
  const { runner_profile: runner } = signals;
  const gate = evaluateGateSummary({
    contractPrepared: isContractPrepared(signals.prepared_execution_contract),
    policy,
    ticket,
    trust,
    runnerAllowed: flag(runner, "allowed") ?? false,
    liveBackendEnabled: flag(runner, "live_backend_enabled") ?? false,
    live,
    runtimeConsumable,
    guard: guardStatus(signals.sclite_guarded_strict),
    replay: replayStatus(signals),
  });
  const specific: ReadonlyMap<string, SignalBlocker> = new Map([
    ...(POLICY_PASSES.has(policy) ? [] : [["missing_or_invalid_policy_decision", policyBlocker(policy)] as const]),
    ...(TICKET_PASSES.has(ticket) ? [] : [["missing_or_invalid_execution_ticket", ticketBlocker(ticket)] as const]),
    ...(TRUST_PASSES.has(trust) ? [] : [["missing_or_invalid_trust_decision", trustBlocker(trust)] as const]),
    ...runnerBlockers(runner),
  ]);
  const gated = gate.blockers.map((blocker) => specific.get(blocker) ?? { blocker, action: stepFor(blocker) });
  const receipt = obligesReceipt(signals.receipt_obligation) ? [] : [RECEIPT];
  const first = REASON_ORDER.map((generic) =>
    gate.blockers.some((one) => one === generic) ? specific.get(generic) : undefined,
  );
  const reason = [...first, ...receipt].find((one) => one !== undefined)?.blocker;
  return {
    list: [...gated, ...receipt],
    reason: reason ?? (gate.allowed ? "all_required_gates_passed" : gate.reason_code),
  };
}

const RECEIPT: SignalBlocker = {
  blocker: "receipt_obligation_required",
  action: "require_runner_receipt_obligation",
};

/** Whose blocker gives the reason when several block. */
const REASON_ORDER = [
  "missing_or_invalid_policy_decision",
  "missing_or_invalid_execution_ticket",
  "missing_or_invalid_trust_decision",
  "runner_profile_not_allowed",
  "live_backend_disabled",
] as const;

function runnerBlockers(runner: ExactRecord): readonly (readonly [string, SignalBlocker])[] {
  const blocker = isEmpty(runner) ? "missing_runner_profile" : "runner_profile_not_allowed";
  return [
    ["runner_profile_not_allowed", { blocker, action: "select_allowed_runner_profile" }],
    [
      "live_backend_disabled",
      { blocker: "live_backend_disabled", action: "use_dry_run_or_select_host_enabled_live_profile" },
    ],
  ];
}

function blockedStatus(policy: string): AdmissionStatus {
  if (policy === "dry_run_only" || policy === "record_only") return policy;
  return ["defer", "deferred", "require_approval"].includes(policy) ? "needs_review" : "blocked";
}
