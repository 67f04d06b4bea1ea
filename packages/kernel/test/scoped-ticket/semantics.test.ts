import { describe, expect, test } from "vitest";
import { checkTicketGate, checkTicketSemantics, explainTicket, scliteDigestV01 } from "@writ/kernel";
import { changed, sampleArtifacts, type Changes } from "../artifacts/samples.ts";

function semantics(
  contractChanges: Changes,
  ticketChanges: Changes,
  strict = false,
): ReturnType<typeof checkTicketSemantics> {
  const { execution_contract: contract, execution_ticket: ticket } = sampleArtifacts({
    execution_contract: contractChanges,
    execution_ticket: ticketChanges,
  });
  return checkTicketSemantics({ ticket, contract, strict });
}

describe("a scoped ticket", () => {
  test("that matches its contract passes eleven checks, in order", () => {
    expect(semantics({}, {})).toEqual({
      ok: true,
      scopeStatus: "operator_asserted",
      checks: [
        "ticket_profile_supported",
        "ticket_runtime_consumption_semantics",
        "ticket_binds_execution_contract",
        "ticket_scope_matches_execution_contract",
        "execution_contract_target_in_scope_operator_asserted",
        "ticket_mode_within_execution_bounds",
        "ticket_tool_matches_execution_contract",
        "ticket_args_digest_matches_execution_contract",
        "ticket_spend_limits_within_execution_limits",
        "ticket_receipt_and_evidence_obligations",
        "ticket_validity_window_well_formed",
      ],
    });
  });

  /** In the order of the steps: a ticket with every fault from one row on answers with that row. */
  const rows: readonly (readonly [text: string, ticket: Changes, contract?: Changes])[] = [
    ["review_record tickets must not be runtime-consumable", { ticket_profile: "review_record" }],
    [
      "scoped_execution_ticket must declare runtime_consumable_scoped_ticket semantics",
      { "ticket_semantics.kind": "review_record" },
    ],
    ["scoped tickets must not be transferable by default", { "ticket_semantics.default_transferable": true }],
    ["scoped ticket is not approved for runtime consumption: revoked", { "approval.status": "revoked" }],
    ["ticket execution_contract descriptor mismatch", { "links.execution_contract.descriptor.digest": "0".repeat(64) }],
    [
      "ticket integrity execution_contract digest mismatch",
      { "integrity.ticket_binds_execution_contract_digest": "0".repeat(64) },
    ],
    ["execution_contract target_in_scope is explicitly false", {}, { "target_binding.target_in_scope": false }],
    [
      "ticket.validity.not_before must be an offset-aware RFC3339 timestamp",
      { "validity.not_before": "2026-01-01T00:00:00" },
    ],
    ["ticket target_host drift from execution_contract", { "scope_binding.target_host": "example.com" }],
    ["ticket target_ref drift from execution_contract", { "scope_binding.target_ref": "host:other" }],
    ["ticket tool drift from execution_contract", { "scope_binding.tool": "curl" }],
    ["ticket mode escalates beyond execution_contract bounds", { "scope_binding.mode": "live" }],
    ["ticket normalized_args_digest mismatch", { "scope_binding.normalized_args_digest": `sha256:${"0".repeat(64)}` }],
    ["ticket network execution exceeds execution_contract bounds", { "spend_limits.network_execution_allowed": true }],
    ["ticket spend_limits.max_uses exceeds execution_limits.max_runs", { "spend_limits.max_uses": 2 }],
    ["execution_limits.one_shot requires spend_limits.one_shot", { "spend_limits.one_shot": false }],
    ["execution_contract requires a receipt but ticket does not", { "spend_limits.requires_receipt": false }],
    [
      "scoped execution tickets must require an evidence contract",
      { "spend_limits.requires_evidence_contract": false },
    ],
  ];

  test.each(rows.map(([text], index) => [text, index] as const))("%s", (text, index) => {
    const [, ticket = {}, contract = {}] = rows[index] ?? [];
    expect(semantics(contract, ticket)).toMatchObject({ ok: false, text });
  });

  test.each(rows.map(([text], index) => [text, index] as const))("%s comes before what follows it", (text, index) => {
    const rest = rows.slice(index).toReversed();
    const ticket = Object.assign({}, ...rest.map(([, changes]) => changes)) as Changes;
    const contract = Object.assign({}, ...rest.map(([, , changes]) => changes ?? {})) as Changes;
    expect(semantics(contract, ticket)).toMatchObject({ ok: false, text });
  });

  test.each<[string, Changes, Changes, boolean]>([
    ["one_shot ticket must have max_uses=1", { "spend_limits.max_uses": 2, "execution_limits.max_runs": 2 }, {}, false],
    ["strict one_shot ticket must have execution_limits.max_runs=1", { "execution_limits.max_runs": 2 }, {}, true],
    ["ticket validity not_before is after not_after", { "validity.not_before": "2026-01-03T00:00:00Z" }, {}, false],
    ["ticket execution_limits.mode must match scope_binding.mode", { "execution_limits.mode": "live" }, {}, false],
    [
      "scoped execution tickets must require a receipt",
      { "spend_limits.requires_receipt": false },
      { "expected_receipt.required": false },
      false,
    ],
    ["execution_contract.target_binding must be an object", {}, { target_binding: undefined }, false],
    ["execution_contract.execution_shape must be an object", {}, { execution_shape: undefined }, false],
    ["execution_contract.expected_receipt must be an object", {}, { expected_receipt: undefined }, false],
  ])("%s", (text, ticket, contract, strict) => {
    expect(semantics(contract, ticket, strict)).toMatchObject({ ok: false, text });
  });

  const record = { ticket_profile: "review_record", "ticket_semantics.consumable_by_runtime": false };
  const external = {
    ticket_profile: "external_capability_ref",
    "ticket_semantics.kind": "external_capability_reference",
  };
  const several = { "spend_limits.one_shot": false, "execution_limits.one_shot": false };
  const unproven = { "spend_limits.requires_receipt": false, "spend_limits.requires_evidence_contract": false };
  test.each<[string, Changes, Changes?, boolean?]>([
    ["a record for review that no runtime consumes", record],
    ["an external capability that is consumable", external],
    ["an external capability that is not", { ...external, "ticket_semantics.consumable_by_runtime": false }],
    ["an external capability that is not approved", { ...external, "approval.status": "rejected" }],
    ["an external capability without receipt", { ...external, ...unproven }, { "expected_receipt.required": false }],
    ["a receipt of which nobody speaks", { ...external, ...unproven }, { "expected_receipt.required": undefined }],
    ["a receipt that is null", { ...external, ...unproven }, { "expected_receipt.required": null }],
    ["several uses of several runs", { ...several, "spend_limits.max_uses": 2, "execution_limits.max_runs": 2 }],
    ["several runs in strict mode, not for one use", { ...several, "execution_limits.max_runs": 2 }, {}, true],
    ["one use of several runs", { "execution_limits.max_runs": 2 }],
    ["the contract's own word for the target", { "scope_binding.target_ref": "t" }, { "target_binding.target": "t" }],
  ])("may be %s", (_, ticket, contract = {}, strict = false) => {
    const answer = semantics(contract, ticket, strict);
    expect(answer.ok ? "" : answer.text).toBe("");
  });

  test("is judged strictly only when that is asked for", () => {
    const { execution_contract: contract, execution_ticket: ticket } = sampleArtifacts({
      execution_ticket: { "execution_limits.max_runs": 2 },
    });
    expect(checkTicketSemantics({ ticket, contract }).ok).toBe(true);
  });

  test.each<[string, Changes, Changes, object]>([
    [
      "says of the target neither yes nor no",
      {},
      { "target_binding.target_in_scope": "yes" },
      { text: "execution_contract target_in_scope is neither true nor false", family: "ticket_use", rule: 11 },
    ],
    [
      "puts the target out of scope",
      {},
      { "target_binding.target_in_scope": false },
      { text: "execution_contract target_in_scope is explicitly false", family: "ticket_use" },
    ],
    [
      "has no bounds",
      {},
      { execution_bounds: undefined },
      { text: "execution_contract.execution_bounds must be an object", family: "ticket_semantics" },
    ],
    [
      "is for a runtime that may not consume it",
      { "ticket_semantics.consumable_by_runtime": false },
      {},
      { text: "scoped_execution_ticket must declare runtime_consumable_scoped_ticket semantics" },
    ],
    [
      "asks for a receipt in words",
      { ...external, ...unproven },
      { "expected_receipt.required": "no" },
      { text: "execution_contract requires a receipt but ticket does not" },
    ],
  ])("is refused when it %s", (_, ticket, contract, refusal) => {
    expect(semantics(contract, ticket)).toMatchObject({ ok: false, ...refusal });
  });

  test("without a field its schema requires is refused", () => {
    expect(semantics({}, { subject_binding: undefined })).toMatchObject({ ok: false, family: "ticket_semantics" });
  });

  test("is explained one fact a line, with what it does not claim last", () => {
    const { execution_contract: contract, execution_ticket: ticket } = sampleArtifacts();
    const lines = explainTicket(ticket, contract);
    expect(lines).toContain("network allowed: no");
    expect(lines.at(-2)).toBe(`bound contract digest: ${scliteDigestV01(contract)}`);
    expect(lines.at(-1)).toBe("- does_not_prove_signer_identity");
  });
});

describe("the ticket gate", () => {
  const steps = [{ tool: "http_probe", args: ["https://example.org/status"] }];
  const { execution_contract: contract, execution_ticket: ticket } = sampleArtifacts();

  test("lets exactly the contract's steps through", () => {
    expect(checkTicketGate({ ticket, contract, steps })).toMatchObject({
      ok: true,
      result: {
        status: "passed",
        ticket_id: "ticket-1",
        execution_contract_digest: scliteDigestV01(contract),
        profile: "p",
        schema_version: "v0.3",
        sclite_checks: { length: 11 },
      },
    });
  });

  test("claims no check of a scoped ticket for an older one", () => {
    expect(checkTicketGate({ ticket: older({}), contract, steps })).toMatchObject({
      ok: true,
      result: { schema_version: "v0.2", sclite_checks: [] },
    });
  });

  test.each<[string, Partial<Parameters<typeof checkTicketGate>[0]>]>([
    ["missing_execution_ticket", { ticket: undefined, contract: undefined }],
    ["missing_execution_contract", { contract: undefined }],
    ["invalid_execution_ticket:other:v0.3", { ticket: changed(ticket, { artifact_type: "other" }) }],
    ["invalid_execution_ticket:execution_ticket:v9", { ticket: changed(ticket, { schema_version: "v9" }) }],
    [
      "sclite_ticket_semantics_failed:ticket tool drift from execution_contract",
      { ticket: changed(ticket, { "scope_binding.tool": "x" }) },
    ],
    [
      "ticket validity not_before is after not_after",
      { ticket: changed(ticket, { "validity.not_before": "2027-01-01T00:00:00Z" }) },
    ],
    ["invalid_execution_ticket_approval:revoked", { ticket: older({ "approval.status": "revoked" }) }],
    ["invalid_execution_ticket_max_runs", { ticket: older({ "execution_limits.max_runs": 0 }) }],
    [
      "execution_ticket_contract_digest_mismatch",
      { ticket: older({ "integrity.ticket_binds_execution_contract_digest": "0" }) },
    ],
    ["execution_ticket_plan_length_mismatch", { steps: [...steps, ...steps] }],
    ["execution_ticket_tool_mismatch:1", { steps: [{ tool: "HTTP_probe", args: steps[0]?.args ?? [] }] }],
    ["execution_ticket_args_mismatch:1", { steps: [{ tool: "http_probe", args: [] }] }],
    ["execution_ticket_stdin_mismatch:1", { steps: [{ ...steps[0], stdin: "x" }] }],
  ])("%s", (text, input) => {
    expect(checkTicketGate({ ticket, contract, steps, ...input })).toMatchObject({ ok: false, text });
  });

  function older(changes: Changes): typeof ticket {
    return changed(ticket, {
      schema_version: "v0.2",
      schema_ref: "schemas/execution_ticket.v0.2.schema.json",
      ...changes,
    });
  }
});
