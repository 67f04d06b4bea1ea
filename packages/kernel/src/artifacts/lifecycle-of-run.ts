import { formatInstant, type ExactJson } from "@writ/canon";
import { contractDigest } from "../contract.ts";
import type { Contract, Receipt, Ticket } from "../records.ts";
import type { ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { linkArtifact } from "./descriptor.ts";
import type { LifecycleRole } from "./lifecycle-roles.ts";
import { buildChainManifest, type ChainManifest } from "./manifest.ts";
import { sanitizePublicArtifact } from "./redaction.ts";
import { executionOf, outcomeOf, shapeOf } from "./run-shape.ts";
import { schemaRef } from "./schemas/forms.ts";

/** One governed run, from what was decided to what happened. */
export interface GovernedRun {
  readonly runId: string;
  /** UTC milliseconds, of the host's clock. */
  readonly now: number;
  readonly contract: Contract;
  readonly decision: {
    readonly id: string;
    readonly outcome: "allow" | "hold";
    readonly policies: readonly string[];
    /** Whether the policy found the target in scope; false makes a chain that no lifecycle verification passes. */
    readonly targetInScope: boolean;
  };
  readonly ticket: Ticket;
  readonly receipt: Receipt;
}

/** The six artifacts under their usual names, and the manifest over them. */
export interface RunLifecycle {
  readonly artifacts: { readonly [path: string]: ExactRecord };
  readonly manifest: ChainManifest;
}

/** Files of a lifecycle (spec kernel.md §25). */
const FILES: { readonly [Role in LifecycleRole]: string } = {
  intent_contract: "intent_contract.json",
  policy_decision: "policy_decision.v0.2.json",
  execution_contract: "execution_contract.json",
  execution_ticket: "execution_ticket.json",
  execution_receipt: "execution_receipt.v0.2.json",
  evidence_contract: "evidence_contract.json",
};

/**
 * Turns a governed run into the six artifacts of a lifecycle. Times come from the clock, the window and the mode from
 * the ticket, and nothing is approved by a word: without a ticket for exactly this contract there is no lifecycle.
 * `sanitize` is applied to each artifact before anything is linked to it. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function lifecycleOfRun(
  run: GovernedRun,
  sanitize: (artifact: ExactJson) => ExactJson = sanitizePublicArtifact,
): RunLifecycle {
  checkBinding(run);
  const made: { [path: string]: ExactRecord } = {};
  const make = (role: LifecycleRole, fields: ExactRecord): ExactRecord => {
    const identity = { artifact_type: role, schema_version: "v0.2", schema_ref: schemaRef(role, "v0.2") };
    const artifact = sanitize({ ...identity, created_at: formatInstant(run.now), ...fields }) as ExactRecord;
    made[FILES[role]] = artifact;
    return artifact;
  };
  const intent = make("intent_contract", intentOf(run));
  const policy = make("policy_decision", { ...policyOf(run), links: links({ intent }) });
  const contract = make("execution_contract", {
    ...contractOf(run),
    links: links({ intent, policy_decision: policy }),
  });
  const bound = links({ execution_contract: contract, intent, policy_decision: policy });
  const ticket = make("execution_ticket", { ...ticketOf(run, linkArtifact(contract).descriptor.digest), links: bound });
  const receipt = make("execution_receipt", {
    ...receiptOf(run),
    links: links({ execution_contract: contract, execution_ticket: ticket }),
  });
  make("evidence_contract", {
    ...evidenceOf(run),
    links: links({ execution_receipt: receipt, execution_ticket: ticket }),
  });
  const members = Object.entries(made).map(([path, artifact]) => ({ path, artifact }));
  return {
    artifacts: made,
    manifest: buildChainManifest(members, { chainId: run.runId, createdAt: formatInstant(run.now) }),
  };
}

function checkBinding({ contract, ticket, receipt }: GovernedRun): void {
  const digest = contractDigest(contract);
  if (ticket.action_digest !== digest) throw recordRefusal("execution_ticket_contract_digest_mismatch", 4);
  if (receipt.action_digest !== digest || receipt.ticket_id !== ticket.id)
    throw recordRefusal("execution_receipt_ticket_mismatch", 4);
  if (receipt.mode !== ticket.mode) throw recordRefusal("execution_receipt_mode_mismatch", 4);
}

const modeOf = ({ ticket }: GovernedRun): "dry_run" | "live" => (ticket.mode === "live" ? "live" : "dry_run");

function intentOf(run: GovernedRun): ExactRecord {
  const { principal, action, resource } = run.contract;
  const { target, host } = shapeOf(run.contract);
  return {
    intent_id: `intent:${run.ticket.action_id}`,
    actor: { kind: principal.type, id: principal.id },
    intent: { summary: `${action} ${resource.type}`, category: action },
    requested_capability: { name: action, mode: modeOf(run) },
    target: { host, uri: target },
    authority: { intent_is_authority: false, requires_policy_decision: true, requires_execution_ticket: true },
    non_claims: ["intent_does_not_authorize_execution"],
  };
}

function policyOf(run: GovernedRun): ExactRecord {
  const { decision, contract } = run;
  return {
    decision_id: decision.id,
    decision: decision.outcome === "allow" ? "allow_prepare" : "owner_approval_required",
    scope: { scope_profile: "writ", target_host: shapeOf(contract).host, target_in_scope: decision.targetInScope },
    capability: { name: contract.action },
    risk: { level: "runtime_defined", effects: contract.effects },
    constraints: [],
    reason_codes: decision.policies,
  };
}

function contractOf(run: GovernedRun): ExactRecord {
  const { contract, decision } = run;
  const { target, host, tool, args } = shapeOf(contract);
  return {
    contract_id: `contract:${contractDigest(contract)}`,
    target_binding: { target, target_host: host, target_in_scope: decision.targetInScope },
    execution_shape: { tool, normalized_args: args, plan: [{ step: 1, tool, args }] },
    execution_bounds: {
      mode: modeOf(run),
      dry_run: modeOf(run) === "dry_run",
      network_execution_allowed: modeOf(run) === "live" && contract.scope.network !== "none",
      max_commands: 1,
      timeout_seconds: Math.ceil(contract.limits.time_ms / 1_000),
    },
    expected_receipt: { required: true, schema_ref: schemaRef("execution_receipt", "v0.2") },
    non_claims: ["execution_contract_is_not_runtime_execution"],
  };
}

function ticketOf(run: GovernedRun, contractDescriptorDigest: string): ExactRecord {
  const { ticket } = run;
  const status = modeOf(run) === "live" ? "approved" : "approved_for_dry_run";
  return {
    ticket_id: ticket.id,
    approval: {
      status,
      approval_id: ticket.decision,
      approver_kind: ticket.approvals.length > 0 ? "operator" : "policy",
    },
    validity: { not_before: ticket.issued_at, not_after: ticket.expires_at },
    execution_limits: { mode: modeOf(run), max_runs: 1, one_shot: true },
    integrity: {
      profile: "sclite-v0.2-integrity-only",
      ticket_binds_execution_contract_digest: contractDescriptorDigest,
    },
    signature: { mode: "not_signed_integrity_only", identity_signature_required: false },
    non_claims: ["ticket_signature_is_not_an_identity"],
  };
}

function receiptOf(run: GovernedRun): ExactRecord {
  return {
    receipt_id: run.receipt.id,
    runtime: { name: "writ", id: "writ", mode: modeOf(run) },
    execution: executionOf(run.receipt, run.contract),
    outcome: outcomeOf(run.receipt),
    non_claims: ["receipt_does_not_include_raw_output"],
    ticket_use: { ticket_id: run.ticket.id, consumed_by_runtime: "writ", use_count: 1 },
  };
}

function evidenceOf(run: GovernedRun): ExactRecord {
  return {
    evidence_contract_id: `evidence:${run.receipt.id}`,
    claims: [
      {
        id: "chain_complete",
        statement: "intent, policy, contract, ticket, receipt and evidence are linked by their digests",
        status: "met",
        bounded_by_receipt: true,
        source_receipt_id: run.receipt.id,
      },
    ],
    non_claims: ["does_not_claim_live_vulnerability_evidence", "does_not_include_raw_output"],
    replay: { mode: "static_bundle_verification", live_execution_required: false },
    verification: { commands: ["writ kernel chain verify . --lifecycle"] },
  };
}

function links(artifacts: Readonly<Record<string, ExactRecord>>): ExactRecord {
  return Object.fromEntries(
    Object.entries(artifacts).map(([name, artifact]) => {
      const { role, descriptor } = linkArtifact(artifact);
      return [name, { role, descriptor: { ...descriptor } }];
    }),
  );
}
