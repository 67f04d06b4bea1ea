import { describe, expect, test } from "vitest";
import { checkLease, grantLease, isCurrentFence, leaseDigest, parseLease, type LeaseUse } from "@writ/kernel";
import type { JsonValue } from "@writ/canon";
import { AGENT, NOW, ticket } from "./samples.ts";
import { refusalOf } from "./refusal.ts";

const names = { ticket_id: ticket.id, action_id: ticket.action_id, action_digest: ticket.action_digest };
const lease = grantLease(
  { id: ticket.decision, ...names, holder: AGENT, fence: 2 },
  { now: NOW, expiresAt: NOW + 1_000 },
);
const use: LeaseUse = {
  intent: lease.id,
  ticketId: lease.ticket_id,
  actionId: lease.action_id,
  actionDigest: lease.action_digest,
  currentFence: 2,
};

describe("a lease authorises exactly its run, under the current fence and in its time", () => {
  test.each<[string, Partial<LeaseUse> & { readonly now?: number }]>([
    ["other_run", { intent: ticket.id, currentFence: 3 }],
    ["other_run", { ticketId: lease.id }],
    ["other_run", { actionId: lease.id }],
    ["other_run", { actionDigest: "0".repeat(64) }],
    ["stale", { currentFence: 3, now: NOW + 1_000 }],
    ["stale", { currentFence: 1 }],
    ["stale", { currentFence: null }],
    ["not_yet_valid", { now: NOW - 1 }],
    ["expired", { now: NOW + 1_000 }],
  ])("%s", (refusal, more) => {
    expect(checkLease(lease, { ...use, now: NOW, ...more })).toEqual({ ok: false, refusal });
  });

  test.each([NOW, NOW + 999])("at %d", (now) => {
    expect(checkLease(lease, { ...use, now })).toEqual({ ok: true });
  });

  test("a fence is current when it is the highest, and nobody knows is no", () => {
    expect([isCurrentFence(2, 2), isCurrentFence(1, 2), isCurrentFence(3, 2), isCurrentFence(1, null)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a lease as a record", () => {
  test("reads back as itself, under one digest", () => {
    expect(parseLease({ ...lease } as unknown as JsonValue)).toEqual(lease);
    expect(leaseDigest(lease)).toMatch(/^[0-9a-f]{64}$/);
    expect(leaseDigest({ ...lease, fence: 3 })).not.toBe(leaseDigest(lease));
  });

  test.each<object>([
    { fence: 0 },
    { fence: 1.5 },
    { fence: "1" },
    { expires_at: lease.granted_at },
    { id: "x" },
    { action_digest: "x" },
    { more: 1 },
    { holder: null },
    { schema: "writ.lease.v2" },
  ])("is refused with %j", (fault) => {
    expect(refusalOf(() => parseLease({ ...lease, ...fault } as unknown as JsonValue))).toBe("LEASE_INVALID");
  });
});
