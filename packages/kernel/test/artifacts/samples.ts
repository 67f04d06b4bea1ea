import type { ExactJson } from "@writ/canon";
import { buildChainManifest, describeArtifact, linkArtifact, scliteDigestV01, type ExactRecord } from "@writ/kernel";

export type Role =
  | "intent_contract"
  | "policy_decision"
  | "execution_contract"
  | "execution_ticket"
  | "execution_receipt"
  | "evidence_contract";

export type Artifacts = Record<Role, ExactRecord>;

/** Sets members by path (`scope_binding.mode`); undefined takes one away. */
export type Changes = Readonly<Record<string, ExactJson | undefined>>;

const ARGS = ["https://example.org/status"];

/** Six artifacts that are bound to each other. `changes` are made before what comes later is bound to them. */
export function sampleArtifacts(changes: Partial<Record<Role, Changes>> = {}): Artifacts {
  const make = (type: Role, version: string, fields: ExactRecord): ExactRecord =>
    changed(
      {
        artifact_type: type,
        schema_version: version,
        schema_ref: `schemas/${type}.${version}.schema.json`,
        created_at: "2026-01-01T00:00:00Z",
        ...fields,
      },
      changes[type] ?? {},
    );
  const intent = make("intent_contract", "v0.2", {
    intent_id: "intent-1",
    actor: { kind: "agent" },
    intent: { summary: "read a status page" },
    requested_capability: { name: "http_probe" },
    target: { host: "example.org" },
    authority: { intent_is_authority: false },
  });
  const policy = make("policy_decision", "v0.2", {
    decision_id: "decision-1",
    decision: "allow_prepare",
    links: links({ intent }),
    scope: { target_host: "example.org", target_in_scope: true },
    capability: {},
    risk: {},
    constraints: [],
  });
  const contract = make("execution_contract", "v0.2", {
    contract_id: "contract-1",
    links: links({ intent, policy_decision: policy }),
    target_binding: { target: ARGS[0] ?? "", target_host: "example.org", target_in_scope: true },
    execution_shape: { tool: "http_probe", normalized_args: ARGS, plan: [{ step: 1, tool: "http_probe", args: ARGS }] },
    execution_bounds: { mode: "dry_run", network_execution_allowed: false },
    expected_receipt: { required: true },
  });
  const ticket = make("execution_ticket", "v0.3", ticketFields(contract));
  const receipt = make("execution_receipt", "v0.2", receiptFields(contract, ticket));
  const evidence = make("evidence_contract", "v0.2", evidenceFields(ticket, receipt));
  return {
    intent_contract: intent,
    policy_decision: policy,
    execution_contract: contract,
    execution_ticket: ticket,
    execution_receipt: receipt,
    evidence_contract: evidence,
  };
}

function ticketFields(contract: ExactRecord): ExactRecord {
  return {
    ticket_id: "ticket-1",
    links: links({ execution_contract: contract }),
    approval: { status: "approved_for_dry_run" },
    validity: { not_before: "2026-01-01T00:00:00+00:00", not_after: "2026-01-02T00:00:00+00:00" },
    execution_limits: { mode: "dry_run", max_runs: 1, one_shot: true },
    integrity: { ticket_binds_execution_contract_digest: describeArtifact(contract).digest, profile: "p" },
    ticket_profile: "scoped_execution_ticket",
    ticket_semantics: {
      kind: "runtime_consumable_scoped_ticket",
      consumable_by_runtime: true,
      default_transferable: false,
    },
    subject_binding: { issued_for_actor: "agent:a", usable_by_runtime: "runtime:r" },
    scope_binding: {
      target_kind: "host",
      target_ref: "host:example.org",
      target_host: "example.org",
      tool: "http_probe",
      mode: "dry_run",
      normalized_args_digest: `sha256:${scliteDigestV01(ARGS)}`,
    },
    spend_limits: {
      max_uses: 1,
      one_shot: true,
      network_execution_allowed: false,
      requires_receipt: true,
      requires_evidence_contract: true,
    },
    non_claims: ["does_not_prove_signer_identity"],
  };
}

function receiptFields(contract: ExactRecord, ticket: ExactRecord): ExactRecord {
  return {
    receipt_id: "receipt-1",
    links: links({ execution_contract: contract, execution_ticket: ticket }),
    runtime: { name: "r", runtime_ref: "runtime:r", mode: "dry_run" },
    execution: {
      started_at: "2026-01-01T12:00:00Z",
      ended_at: "2026-01-01T12:00:01Z",
      executed_command_count: 0,
      network_execution_performed: false,
    },
    outcome: { status: "dry_run" },
    ticket_use: { ticket_id: "ticket-1", consumed_by_runtime: "runtime:r", use_count: 1 },
  };
}

function evidenceFields(ticket: ExactRecord, receipt: ExactRecord): ExactRecord {
  return {
    evidence_contract_id: "evidence-1",
    links: links({ execution_receipt: receipt, execution_ticket: ticket }),
    claims: [
      {
        id: "c1",
        claim_type: "receipt_bounded_dry_run",
        statement: "a dry run was recorded",
        bounded_by_receipt: true,
        source_receipt_id: "receipt-1",
        requires_completed_execution: false,
        requires_network_execution: false,
        requires_live_execution: false,
      },
    ],
    non_claims: ["does_not_claim_live_vulnerability_evidence"],
    replay: { mode: "static", live_execution_required: false },
    verification: { commands: ["verify"] },
  };
}

/** The chain over these artifacts in this order; a manifest is data, so `changes` may make it lie. */
export function sampleChain(
  artifacts: Readonly<Record<string, ExactRecord>>,
  changes: Changes = {},
): { manifest: ExactRecord; load: (path: string) => ExactJson | undefined } {
  const members = Object.entries(artifacts).map(([role, artifact]) => ({ role, path: `${role}.json`, artifact }));
  const files = new Map(members.map(({ path, artifact }) => [path, artifact]));
  const manifest = changed(buildChainManifest(members, { chainId: "c1" }) as unknown as ExactRecord, changes);
  return { manifest, load: (path) => files.get(path) };
}

/** A copy with the members at these paths set, or taken away. */
export function changed(record: ExactRecord, changes: Changes): ExactRecord {
  const copy = structuredClone(record) as Record<string, ExactJson>;
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    let at: Record<string, ExactJson> = copy;
    for (const name of names) at = at[name] as Record<string, ExactJson>;
    if (value === undefined) delete at[last];
    else at[last] = structuredClone(value);
  }
  return copy;
}

function links(artifacts: Readonly<Record<string, ExactRecord>>): ExactRecord {
  return Object.fromEntries(
    Object.entries(artifacts).map(([name, artifact]) => [name, linkArtifact(artifact) as unknown as ExactJson]),
  );
}
