import { describe, expect, test } from "vitest";
import {
  contractDigest,
  checkApproval,
  checkTicket,
  compareReceipt,
  holdProgress,
  issueTicket,
  parseApproval,
  parseReceipt,
  parseTicket,
  type Receipt,
} from "@writ/kernel";
import { AGENT, approval, asJson, id, NOW, OPERATOR, processContract, receipt, SECOND, ticket } from "./samples.ts";

describe("an approval", () => {
  const action = { actionId: id(1), actionDigest: approval.action_digest, proposer: AGENT, now: NOW };

  test("counts for its action until it expires", () => {
    expect(checkApproval(approval, action)).toEqual({ ok: true });
  });

  test("counts for an agent who has the approver's id and is not the approver", () => {
    const proposer = { ...approval.approver, type: "agent" } as const;
    expect(checkApproval(approval, { ...action, proposer })).toEqual({ ok: true });
  });

  test.each([
    ["of another proposal", {}, { actionId: id(9) }, "other_action"],
    ["of another contract", {}, { actionDigest: "0".repeat(64) }, "other_digest"],
    ["at the very instant it expires", {}, { now: NOW + 900_000 }, "expired"],
    ["of an agent", { approver: SECOND_AGENT() }, {}, "approver_not_operator"],
    ["of the proposer", {}, { proposer: OPERATOR }, "approver_is_proposer"],
  ] as const)("%s does not count", (_, change, use, refusal) => {
    expect(checkApproval({ ...approval, ...change }, { ...action, ...use })).toEqual({ ok: false, refusal });
  });

  test.each([
    ["schema", "writ.approval.v2"],
    ["action_id", "01926F5E-7c00-7000-8000-000000000001"],
    ["action_id", "01926f5e-7c00-4000-8000-000000000001"],
    ["auth", "password"],
    ["at", "2026-01-02T03:04:05Z"],
    ["expires_at", approval.at],
    ["approver", "op-1"],
    ["note", "yes"],
  ])("with `%s` = %j is refused", (field, value) => {
    expect(() => parseApproval(asJson({ ...approval, [field]: value }))).toThrow(
      expect.objectContaining({ code: "APPROVAL_INVALID" }) as Error,
    );
  });
});

function SECOND_AGENT() {
  return { type: "agent", id: "agent-2" } as const;
}

describe("holds", () => {
  const one = { principal: OPERATOR, owner: false };
  const two = { principal: SECOND, owner: true };
  const need = (
    requirement: "operator" | "second_operator" | "owner",
    approvals = 1,
    policy = requirement as string,
  ) => ({
    policy,
    requirement,
    approvals,
  });

  test.each([
    ["no requirement is never satisfied", [], [one], [], false, []],
    ["one operator", [need("operator")], [one], [], true, []],
    ["nobody yet", [need("operator")], [], [], false, ["operator"]],
    ["two operators, one given", [need("operator", 2)], [one], [], false, ["operator"]],
    ["the same operator twice is one", [need("operator", 2)], [one, one], [], false, ["operator"]],
    ["two different operators", [need("operator", 2)], [one, two], [], true, []],
    [
      "the operator the proposer acts for is no second one",
      [need("second_operator")],
      [one],
      [OPERATOR],
      false,
      ["second_operator"],
    ],
    ["a second operator", [need("second_operator")], [two], [OPERATOR], true, []],
    ["an owner", [need("owner")], [two], [], true, []],
    ["an operator without the owner's right", [need("owner")], [one], [], false, ["owner"]],
    [
      "several holds: all must be met",
      [need("operator", 2, "D-6"), need("owner", 1, "X")],
      [one],
      [],
      false,
      ["D-6", "X"],
    ],
    [
      "several holds: one person may count in each",
      [need("operator", 1, "D-6"), need("owner", 1, "X")],
      [two],
      [],
      true,
      [],
    ],
    [
      "several holds: what is missing is named",
      [need("operator", 1, "D-6"), need("owner", 1, "X")],
      [one],
      [],
      false,
      ["X"],
    ],
  ] as const)("%s", (_, requirements, approvers, onBehalfOf, satisfied, missing) => {
    expect(holdProgress(requirements, approvers, onBehalfOf)).toMatchObject({ satisfied, missing });
  });

  test("asks for as many different approvers as the largest requirement, and counts each once", () => {
    const requirements = [need("operator", 1), need("operator", 3, "D-6"), need("owner", 2)];
    expect(holdProgress(requirements, [one, two, one], [])).toMatchObject({ required: 3, given: 2 });
    expect(holdProgress([], [], [])).toMatchObject({ required: 0, given: 0 });
  });

  test("of several whom the proposer acts for none is a second operator", () => {
    const both = [OPERATOR, SECOND];
    expect(holdProgress([need("second_operator")], [one, two], both)).toMatchObject({ satisfied: false });
    const third = { principal: { ...OPERATOR, id: "third" }, owner: false };
    expect(holdProgress([need("second_operator")], [one, third], both)).toMatchObject({ satisfied: true });
  });
});

describe("a ticket", () => {
  const use = { actionId: id(1), contractDigest: ticket.action_digest, now: NOW, spent: false };

  test.each([
    ["of another proposal", { actionId: id(9) }, "other_action"],
    [
      "of a changed contract",
      { contractDigest: contractDigest({ ...processContract, tenant: "other" }) },
      "other_digest",
    ],
    ["that was spent", { spent: true }, "spent"],
    ["before it is issued", { now: NOW - 1 }, "not_yet_valid"],
    ["at the very instant it expires", { now: NOW + 300_000 }, "expired"],
    ["spent and expired: the first reason is told", { spent: true, now: NOW + 300_000 }, "spent"],
  ] as const)("%s does not authorise", (_, change, refusal) => {
    expect(checkTicket(ticket, { ...use, ...change })).toEqual({ ok: false, refusal });
  });

  test("authorises its contract from its issue until its last millisecond", () => {
    expect(checkTicket(ticket, use)).toEqual({ ok: true });
    expect(checkTicket(ticket, { ...use, now: NOW + 299_999 })).toEqual({ ok: true });
  });

  test("is issued for a stated life", () => {
    const { schema: _schema, issued_at: _issued, expires_at: _expires, ...fields } = ticket;
    expect(issueTicket(fields, { now: NOW, lifeMs: 300_000 })).toEqual(ticket);
    expect(() => issueTicket(fields, { now: NOW, lifeMs: 0 })).toThrow(
      expect.objectContaining({ code: "TICKET_INVALID" }) as Error,
    );
  });

  test.each([
    ["mode", "wet"],
    ["approvals", [id(4), id(4)]],
    ["approvals", Array.from({ length: 65 }, (_, n) => id(n))],
    ["expires_at", ticket.issued_at],
    ["uses", 2],
    ["decision", null],
  ])("with `%s` = %j is refused", (field, value) => {
    expect(() => parseTicket(asJson({ ...ticket, [field]: value }))).toThrow(
      expect.objectContaining({ code: "TICKET_INVALID" }) as Error,
    );
  });
});

describe("a receipt", () => {
  test.each([
    ["outcome", "done"],
    ["exit_code", 256],
    ["exit_code", 1],
    ["signal", "KILL"],
    ["ended_at", "2026-01-02T03:04:05.999Z"],
    ["mode", "dry"],
    ["outcome", "dry_run"],
    ["files", [{ ...receipt.files[0], path: "out/report" }]],
    ["files", Array.from({ length: 97 }, () => receipt.files[0])],
    ["refusals", [{ kind: "magic", target: "x", detail: "" }]],
    ["stdout", { ...receipt.stdout, truncated: 0 }],
    ["claim", "all good"],
  ])("with `%s` = %j is refused", (field, value) => {
    expect(() => parseReceipt(asJson({ ...receipt, [field]: value }))).toThrow(
      expect.objectContaining({ code: "RECEIPT_INVALID" }) as Error,
    );
  });

  const OUTPUT = processContract.limits.output_bytes;
  const compare = (change: Partial<Receipt> | null, more: object = {}) =>
    compareReceipt({
      contract: processContract,
      ticket,
      receipt: change === null ? null : { ...receipt, ...change },
      ...more,
    });

  test.each([
    ["what was decided", {}, "as_decided"],
    ["a failed run of what was decided", { outcome: "failed", exit_code: 2 }, "as_decided"],
    ["none", null, "unfinished"],
    ["one that settles a lost run", { outcome: "unfinished" }, "unfinished"],
    ["of another ticket", { ticket_id: id(9) }, "unauthorised"],
    ["of another contract", { action_digest: "0".repeat(64) }, "different"],
    ["of another proposal", { action_id: id(9) }, "different"],
    ["of another mode", { mode: "dry" }, "different"],
    [
      "with a file outside the scope",
      { files: [{ ...receipt.files[0]!, path: "/work/project/outside" }] },
      "different",
    ],
    [
      "with a file whose name only begins like the scope",
      { files: [{ ...receipt.files[0]!, path: "/work/project/out2" }] },
      "different",
    ],
    ["with more output than allowed", { stdout: { ...receipt.stdout, bytes: OUTPUT + 1 } }, "different"],
    ["with as much output as allowed", { stdout: { ...receipt.stdout, bytes: OUTPUT } }, "as_decided"],
    [
      "with more output than allowed in both streams together",
      { stdout: { ...receipt.stdout, bytes: OUTPUT }, stderr: { ...receipt.stderr, bytes: 1 } },
      "different",
    ],
    [
      "that was stopped at its limit of output",
      { outcome: "output_limit", exit_code: null, stdout: { ...receipt.stdout, bytes: OUTPUT + 1 } },
      "as_decided",
    ],
  ] as const)("agreement with %s: %#", (_, change, agreement) => {
    expect(compare(change).agreement).toBe(agreement);
    expect(compare(change).differences.length === 0).toBe(agreement === "as_decided");
  });

  test("needs one folder that a file lies in, and not all of them", () => {
    const contract = {
      ...processContract,
      scope: { ...processContract.scope, write: ["/elsewhere", ...processContract.scope.write] },
    };
    const bound = { action_digest: contractDigest(contract) };
    expect(compare(bound, { contract, ticket: { ...ticket, ...bound } }).agreement).toBe("as_decided");
  });

  test("is different when the ticket alone is for another contract", () => {
    const other = { ...ticket, action_digest: "0".repeat(64) };
    expect(compare({}, { ticket: other }).agreement).toBe("different");
  });

  test("names every difference, with the file, the mode or the bytes", () => {
    const [file] = receipt.files;
    const change: Partial<Receipt> = {
      action_digest: "0".repeat(64),
      action_id: id(9),
      mode: "dry",
      files: ["/one", "/two"].map((path) => ({ ...file!, path })),
      stderr: { ...receipt.stderr, bytes: OUTPUT },
    };
    const told = [/contract/, /proposal/, /\blive\b/, /created \/one/, /created \/two/, new RegExp(String(OUTPUT + 3))];
    expect(compare(change).differences).toEqual(told.map((word) => expect.stringMatching(word) as string));
  });

  test("without any ticket is unauthorised", () => {
    expect(compare({}, { ticket: null }).agreement).toBe("unauthorised");
  });

  test("is different when the contract was changed after it was decided", () => {
    const contract = { ...processContract, scope: { ...processContract.scope, write: ["/"] } };
    expect(compare({}, { contract }).agreement).toBe("different");
  });
});
