import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as contract from "./examples/1-contract.ts";
import * as approval from "./examples/2-approval.ts";
import * as ticket from "./examples/3-ticket.ts";
import * as gate from "./examples/4-gate.ts";
import * as receipt from "./examples/5-receipt.ts";
import * as chain from "./examples/6-chain.ts";
import * as security from "./examples/7-security.ts";
import * as pack from "./examples/8-policy-pack.ts";

const examples = join(import.meta.dirname, "examples");
const page = readFileSync(join(import.meta.dirname, "../../../docs/reference/kernel.md"), "utf8");

describe("docs/reference/kernel.md", () => {
  test.each(readdirSync(examples))("shows %s as it is run", (name) => {
    expect(page).toContain(`\`\`\`ts\n${readFileSync(join(examples, name), "utf8")}\`\`\``);
  });

  test("shows no TypeScript that is not run", () => {
    expect(page.match(/^```ts$/gm)).toHaveLength(readdirSync(examples).length);
  });

  test("is one page of ten minutes", () => {
    expect(page.split(/\s+/).length).toBeLessThan(2_200);
  });
});

describe("what the examples say of themselves", () => {
  test("a contract has one digest", () => {
    expect(contract.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(page).toContain(contract.digest);
  });

  test("an approval counts, and a second operator is missed by name", () => {
    expect(approval.counts).toEqual({ ok: true });
    expect(approval.progress).toEqual({ satisfied: false, required: 1, given: 1, missing: ["payments"] });
  });

  test("a ticket authorises once, for its own action, in its time", () => {
    expect(ticket.first).toEqual({ ok: true });
    expect(ticket.second).toEqual({ ok: false, refusal: "spent" });
    expect(ticket.swapped).toEqual({ ok: false, refusal: "other_digest" });
    expect(ticket.late).toEqual({ ok: false, refusal: "expired" });
  });

  test("the gate opens for artifacts and not for a wish", () => {
    expect(gate.opened).toEqual({ allowed: true, to: "runner_allowed_live" });
    expect(gate.shut).toEqual({
      allowed: false,
      reason: "raw_intent_rejected",
      blockers: [
        "missing_or_invalid_policy_decision",
        "missing_or_invalid_execution_ticket",
        "missing_or_invalid_trust_decision",
      ],
      nextActions: ["obtain_policy_decision", "approve_execution_ticket", "verify_trust_decision"],
    });
  });

  test("a receipt is compared with what was decided", () => {
    expect(receipt.comparison).toEqual({
      agreement: "different",
      differences: ["changed /work/project/src/index.ts, which is outside the scope"],
    });
    expect(receipt.lost).toEqual({ agreement: "unfinished", differences: ["there is no receipt"] });
  });

  test("a chain is verified from its bytes", () => {
    expect(chain.verified).toMatchObject({ ok: true, result: { status: "passed", entry_count: 1 } });
    expect(chain.tampered).toMatchObject({ ok: false, text: "entry[0] descriptor mismatch for intent.json" });
  });

  test("a planner's command is gated, prepared and approved without a secret in it", () => {
    expect(security.refused).toMatchObject({ pass: false, reason: "out_of_scope_target:other.example" });
    expect(security.passed.reason).toBe("ok");
    expect(security.prepared.normalized_args.slice(-2)).toEqual(["-b", "sid={{secret:shop/session}}"]);
    expect(security.spec.approval.decision).toBe("approve");
  });

  test("a pack lets reading happen under controls, and holds what changes something", () => {
    expect(pack.read).toMatchObject({ status: "ready", controls: { max_output_bytes: 65_536, no_raw_shell: true } });
    expect(pack.apply).toMatchObject({ status: "blocked", blockers: ["mutation_requires_approval"] });
    expect(pack.cedar).toContain('@hold("operator")');
  });
});
