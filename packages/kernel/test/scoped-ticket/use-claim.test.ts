import { expect, test } from "vitest";
import { checkTicketUseClaim, type TicketUseAsked } from "@writ/kernel";
import { sampleArtifacts } from "../artifacts/samples.ts";

const { execution_ticket: ticket, execution_contract: contract } = sampleArtifacts();
const at = (time: string): number => Date.parse(time);
const noon = at("2026-01-01T12:00:00Z");
const asked: TicketUseAsked = { ticket, contract, runtime: "runtime:r", nowMs: noon };

test("a ticket says how often it may be used, and which use this is not at all", () => {
  expect(checkTicketUseClaim(asked)).toEqual({ ok: true, ticketId: ticket["ticket_id"], maxUses: 1 });
});

test.each<[string, Partial<TicketUseAsked>, string | undefined]>([
  ["its first moment", { nowMs: at("2026-01-01T00:00:00Z") }, undefined],
  ["its last moment", { nowMs: at("2026-01-02T00:00:00Z") }, undefined],
  ["before", { nowMs: at("2026-01-01T00:00:00Z") - 1 }, "ticket is used outside its validity window"],
  ["after", { nowMs: at("2026-01-02T00:00:00Z") + 1 }, "ticket is used outside its validity window"],
  ["by another runtime", { runtime: "runtime:other" }, "ticket is not usable by this runtime"],
  ["by nobody", { runtime: "" }, "ticket is not usable by this runtime"],
])("used %s", (_when, more, refusal) => {
  const claim = checkTicketUseClaim({ ...asked, ...more });
  expect(claim.ok ? undefined : claim.text).toBe(refusal);
});

test("a ticket whose semantics do not hold is not used", () => {
  const { execution_ticket: loose } = sampleArtifacts({ execution_ticket: { "spend_limits.max_uses": 2 } });
  expect(checkTicketUseClaim({ ...asked, ticket: loose }).ok).toBe(false);
});
