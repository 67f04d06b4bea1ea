import { expect, test } from "vitest";

import { auditEntries, parseEntry } from "../src/index.ts";
import { entryText, idOf } from "./support/log-maker.ts";

const NOW = Date.parse("2026-02-01T00:00:00.000Z");
const named = { action_id: "a1", action_digest: "d1" };
const decision = (outcome: string) => ({ kind: "policy.decision", data: { ...named, outcome } });
const ticketOn = (decisionAt: number, approvals: readonly number[] = []) => ({
  kind: "ticket.issued",
  data: { ticket: { id: "t1", ...named, decision: idOf(decisionAt), approvals: approvals.map(idOf) } },
});
const issued = ticketOn(0);
const released = { kind: "policy.decision", data: { ...named, outcome: "allow", released: true } };
const releasedFor = (...approvals: readonly number[]) => ({
  kind: "policy.decision",
  data: {
    ...named,
    outcome: "allow",
    released: true,
    holds: approvals.map((count) => ({ policy: "p", requirement: "operator", approvals: count })),
  },
});
const requested = (approvals_required: number) => ({
  kind: "approval.requested",
  data: { ...named, approvals_required },
});
const given = (action_digest = "d1") => ({ kind: "approval.given", data: { ...named, action_digest } });
const spent = { kind: "ticket.spent", data: { ticket_id: "t1", ...named } };
const intent = {
  kind: "execution.intent",
  data: { ticket_id: "t1", ...named, mode: "live", deadline: "2026-01-01T01:00:00.000Z" },
};
const receiptOf = (n: number, digest = "d1", fence?: number) => ({
  kind: "execution.receipt",
  data: { receipt: { ...named, action_digest: digest }, ...(fence !== undefined && { fence }) },
  refs: [{ rel: "intent", id: idOf(n) }],
});
const leased = { ...intent, data: { ...intent.data, fence: 2 } };
interface Step {
  readonly kind: string;
  readonly data: unknown;
  readonly refs?: readonly { rel: string; id: string }[];
}

test.each<readonly [string, readonly Step[], readonly string[]]>([
  ["a whole action", [decision("allow"), issued, spent, intent, receiptOf(3)], []],
  ["a receipt under its lease", [decision("allow"), issued, spent, leased, receiptOf(3, "d1", 2)], []],
  ["a receipt after a takeover", [decision("allow"), issued, spent, leased, receiptOf(3, "d1", 3)], []],
  ["a receipt of a lower fence", [decision("allow"), issued, spent, leased, receiptOf(3, "d1", 1)], ["STALE_LEASE"]],
  ["a receipt without a fence", [decision("allow"), issued, spent, leased, receiptOf(3)], ["STALE_LEASE"]],
  [
    "a held and released action",
    [decision("hold"), requested(1), given(), released, ticketOn(3, [2]), spent, intent, receiptOf(6)],
    [],
  ],
  ["a held action that a later decision allows", [decision("hold"), requested(2), decision("allow"), ticketOn(2)], []],
  ["a ticket that names no decision", [decision("allow"), ticketOn(7)], ["UNAUTHORISED"]],
  ["a ticket that names the hold itself", [decision("hold"), decision("allow"), ticketOn(0)], ["UNAUTHORISED"]],
  [
    "a ticket that names the decision on another action",
    [
      { kind: "policy.decision", data: { action_id: "a2", action_digest: "d2", outcome: "allow" } },
      decision("allow"),
      issued,
    ],
    ["DIFFERENT"],
  ],
  ["an approval that is not there", [decision("hold"), released, ticketOn(1, [9])], ["NO_APPROVAL"]],
  ["an approval of another action", [decision("hold"), given("d2"), released, ticketOn(2, [1])], ["DIFFERENT"]],
  ["a release without an approval", [decision("hold"), requested(1), released, ticketOn(2)], ["NO_APPROVAL"]],
  [
    "one approval, named twice, where two are required",
    [decision("hold"), requested(2), given(), released, ticketOn(3, [2, 2])],
    ["NO_APPROVAL"],
  ],
  [
    "one approval where a relaxed rule asks for one",
    [decision("hold"), requested(2), given(), releasedFor(1), ticketOn(3, [2])],
    [],
  ],
  ["no approval where the rule holds no more", [decision("hold"), requested(2), releasedFor(), ticketOn(2)], []],
  [
    "one approval where a later rule asks for two",
    [decision("hold"), requested(1), given(), releasedFor(1, 2), ticketOn(3, [2])],
    ["NO_APPROVAL"],
  ],
  ["a ticket for a denied action", [decision("deny"), issued], ["UNAUTHORISED"]],
  ["a ticket for a held action", [decision("allow"), decision("hold"), issued], ["UNAUTHORISED"]],
  ["a ticket spent twice", [decision("allow"), issued, spent, spent], ["SPENT_TWICE"]],
  ["a ticket nobody issued", [decision("allow"), spent], ["NO_TICKET"]],
  ["an intent before its ticket is spent", [decision("allow"), issued, intent, receiptOf(2)], ["UNAUTHORISED"]],
  [
    "an intent about another action",
    [
      decision("allow"),
      issued,
      spent,
      { ...intent, data: { ...intent.data, action_digest: "d2" } },
      receiptOf(3, "d2"),
    ],
    ["DIFFERENT"],
  ],
  ["an intent without a receipt", [decision("allow"), issued, spent, intent], ["UNFINISHED"]],
  [
    "two receipts of one intent",
    [decision("allow"), issued, spent, intent, receiptOf(3), receiptOf(3)],
    ["RECEIPT_TWICE"],
  ],
  ["a receipt about another action", [decision("allow"), issued, spent, intent, receiptOf(3, "d2")], ["DIFFERENT"]],
  ["an effect nobody announced", [receiptOf(99)], ["NO_INTENT"]],
])("%s", (_name, steps, expected) => {
  const entries = steps.map((step, n) => ({ index: n, entry: parseEntry(entryText({ n, ...step })) }));
  expect(auditEntries(entries, { now: NOW }).map(({ code }) => code)).toEqual(expected);
});

test("an intent before its deadline is not unfinished", () => {
  const steps = [decision("allow"), issued, spent, intent];
  const entries = steps.map((step, n) => ({ index: n, entry: parseEntry(entryText({ n, ...step })) }));
  expect(auditEntries(entries, { now: Date.parse("2026-01-01T00:30:00.000Z") })).toEqual([]);
});
