import type { Entry } from "./entry.ts";
import { isJsonObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Finding } from "./verdict.ts";

/** Open tickets, intents and decisions kept in mind at once; beyond it the audit says that it forgot some. */
const REMEMBERED_MAX = 200_000;

export interface AuditOptions {
  /** Now, POSIX milliseconds: an intent past its deadline without a receipt is unfinished. */
  readonly now: number;
}

interface Intent {
  readonly index: number;
  readonly actionDigest: string | undefined;
  readonly deadline: number | undefined;
  /** Number of the lease that the intent began with; 0 where it names none. */
  readonly fence: number;
  receipts: number;
}

/**
 * Checks the order rules (spec ledger.md §3) over entries in index order: what was allowed, ticketed, spent, begun and
 * received fits together. About meaning, not integrity: verify the entries first. Findings: `UNAUTHORISED`, `NO_APPROVAL`,
 * `SPENT_TWICE`, `NO_TICKET`, `NO_INTENT`, `RECEIPT_TWICE`, `STALE_LEASE`, `DIFFERENT`, `UNFINISHED`, `AUDIT_BOUND`.
 */
export function auditEntries(
  entries: Iterable<{ readonly index: number; readonly entry: Entry }>,
  options: AuditOptions,
): Finding[] {
  const audit = new Audit();
  for (const { index, entry } of entries) audit.entry(entry, index);
  return audit.finish(options.now);
}

interface Fact {
  readonly action: string;
  readonly actionDigest: string;
}

interface Allowing extends Fact {
  readonly released: boolean;
  /** Approvals that the decision itself asks for; undefined where it does not say. */
  readonly asked: number | undefined;
}

/** The same over a stream: every entry in index order, then `finish`. */
export class Audit {
  readonly #findings: Finding[] = [];
  /** Action digest that an allow decision or a granted approval covers, by action id. */
  readonly #allowed = new Map<string, string>();
  /** By entry id: decisions that allow, and approvals that were given. */
  readonly #decisions = new Map<string, Allowing>();
  readonly #approvals = new Map<string, Fact>();
  /** Approvals that policy asks for, by action id. */
  readonly #required = new Map<string, number>();
  readonly #tickets = new Map<string, { readonly actionDigest: string | undefined; spent: boolean }>();
  readonly #intents = new Map<string, Intent>();
  #forgot = false;

  entry(entry: Entry, index: number): void {
    if (entry.kind === "policy.decision") this.#decision(entry);
    else if (entry.kind === "approval.requested") this.#requested(entry);
    else if (entry.kind === "approval.given") this.#given(entry);
    else if (entry.kind === "ticket.issued") this.#issued(entry, index);
    else if (entry.kind === "ticket.spent") this.#spent(entry, index);
    else if (entry.kind === "execution.intent") this.#intent(entry, index);
    else if (entry.kind === "execution.receipt") this.#receipt(entry, index);
  }

  finish(now: number): Finding[] {
    for (const [id, intent] of this.#intents) {
      if (intent.receipts > 0 || (intent.deadline !== undefined && now < intent.deadline)) continue;
      this.#add("UNFINISHED", intent.index, `intent \`${id}\` has no receipt`);
    }
    if (this.#forgot)
      this.#add("AUDIT_BOUND", undefined, `more than ${REMEMBERED_MAX} open facts: some were not followed`);
    return this.#findings;
  }

  // A hold leaves nothing allowed until the decision that releases it, which follows the approval that completes it.
  #decision(entry: Entry): void {
    const { id, data } = entry;
    const fact = factOf(entry, data);
    if (fact === undefined) return;
    if (data["outcome"] !== "allow") return void this.#allowed.delete(fact.action);
    this.#keep(this.#allowed, fact.action, fact.actionDigest);
    this.#keep(this.#decisions, id, { ...fact, released: data["released"] === true, asked: approvalsAsked(data) });
  }

  #requested(entry: Entry): void {
    const fact = factOf(entry, entry.data);
    const required = entry.data["approvals_required"];
    if (fact !== undefined && typeof required === "number") this.#keep(this.#required, fact.action, required);
  }

  #given(entry: Entry): void {
    const fact = factOf(entry, entry.data);
    if (fact !== undefined) this.#keep(this.#approvals, entry.id, fact);
  }

  #issued(entry: Entry, index: number): void {
    const ticket = isJsonObject(entry.data["ticket"]) ? entry.data["ticket"] : {};
    const id = textOf(ticket["id"]) ?? textOf(ticket["ticket_id"]);
    const fact = factOf(entry, ticket);
    if (id === undefined) return this.#add("NO_TICKET", index, "a ticket was issued without an id");
    if (fact === undefined || this.#allowed.get(fact.action) !== fact.actionDigest) {
      this.#add("UNAUTHORISED", index, `ticket \`${id}\` was issued for an action that nothing here allowed`);
    } else {
      this.#rests(`ticket \`${id}\``, ticket, fact, index);
    }
    this.#keep(this.#tickets, id, { actionDigest: textOf(ticket["action_digest"]), spent: false });
  }

  // What a ticket names as its ground must be there, and be about the same action.
  #rests(name: string, ticket: JsonObject, fact: Fact, index: number): void {
    const decision = this.#decisions.get(textOf(ticket["decision"]) ?? "");
    if (decision === undefined) {
      this.#add("UNAUTHORISED", index, `${name} names no decision that allowed or released`);
    } else if (!isSame(decision, fact)) {
      this.#add("DIFFERENT", index, `${name} names a decision about another action`);
    }
    const named = new Set(listOf(ticket["approvals"]));
    for (const id of named) {
      const approval = this.#approvals.get(id);
      if (approval === undefined)
        this.#add("NO_APPROVAL", index, `${name} names approval \`${id}\`, which is not here`);
      else if (!isSame(approval, fact)) {
        this.#add("DIFFERENT", index, `${name} names approval \`${id}\`, which is about another action`);
      }
    }
    // A plain allow needs none, even where an earlier decision held the action.
    const asked = decision?.asked ?? this.#required.get(fact.action) ?? 1;
    const required = decision?.released === true ? asked : 0;
    if (named.size < required) {
      this.#add("NO_APPROVAL", index, `${name} names \`${named.size}\` approvals where \`${required}\` are required`);
    }
  }

  #spent({ data }: Entry, index: number): void {
    const id = textOf(data["ticket_id"]) ?? "";
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) return this.#add("NO_TICKET", index, `ticket \`${id}\` was spent and never issued here`);
    if (ticket.spent) this.#add("SPENT_TWICE", index, `ticket \`${id}\` was spent twice`);
    if (ticket.actionDigest !== textOf(data["action_digest"])) {
      this.#add("DIFFERENT", index, `ticket \`${id}\` was spent for another action than it was issued for`);
    }
    ticket.spent = true;
  }

  #intent({ id, data }: Entry, index: number): void {
    const ticketId = textOf(data["ticket_id"]) ?? "";
    const ticket = this.#tickets.get(ticketId);
    if (ticket === undefined || !ticket.spent) {
      this.#add("UNAUTHORISED", index, `intent \`${id}\` names no ticket that was issued and spent`);
    }
    const actionDigest = textOf(data["action_digest"]);
    if (ticket !== undefined && ticket.actionDigest !== actionDigest) {
      this.#add("DIFFERENT", index, `intent \`${id}\` is about another action than its ticket`);
    }
    const deadline = Date.parse(textOf(data["deadline"]) ?? "");
    this.#keep(this.#intents, id, {
      index,
      actionDigest,
      deadline: Number.isNaN(deadline) ? undefined : deadline,
      fence: fenceOf(data),
      receipts: 0,
    });
  }

  #receipt({ id, data, refs }: Entry, index: number): void {
    const named = refs.map((ref) => this.#intents.get(ref.id)).filter((intent) => intent !== undefined);
    const [intent] = named;
    if (intent === undefined || named.length > 1) {
      return this.#add(
        "NO_INTENT",
        index,
        `receipt \`${id}\` does not name exactly one intent: an effect nobody announced`,
      );
    }
    intent.receipts += 1;
    if (intent.receipts > 1) this.#add("RECEIPT_TWICE", index, `receipt \`${id}\` is the second of one intent`);
    if (fenceOf(data) < intent.fence) {
      this.#add("STALE_LEASE", index, `receipt \`${id}\` is under a lower fence than its intent began with`);
    }
    const receipt = isJsonObject(data["receipt"]) ? data["receipt"] : data;
    if (textOf(receipt["action_digest"]) !== intent.actionDigest) {
      this.#add("DIFFERENT", index, `receipt \`${id}\` is about another action than its intent`);
    }
  }

  #keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
    if (map.size < REMEMBERED_MAX || map.has(key)) map.set(key, value);
    else this.#forgot = true;
  }

  #add(code: string, index: number | undefined, what: string): void {
    this.#findings.push({ code, aspect: "meaning", where: index === undefined ? {} : { index }, what });
  }
}

/** An action is one of its tenant: proposers choose ids, and two tenants may choose the same. */
function factOf({ tenant }: Entry, named: JsonObject): Fact | undefined {
  const id = textOf(named["action_id"]);
  const actionDigest = textOf(named["action_digest"]);
  if (id === undefined || actionDigest === undefined) return undefined;
  return { action: JSON.stringify([tenant ?? "", id]), actionDigest };
}

/** The rules may have changed since the hold was opened: what a decision asks for is the most that its own holds do. */
function approvalsAsked(data: JsonObject): number | undefined {
  const holds = data["holds"];
  if (!Array.isArray(holds)) return undefined;
  return (holds as readonly Json[]).reduce<number>((most, hold) => {
    const approvals = isJsonObject(hold) ? hold["approvals"] : undefined;
    return Math.max(most, typeof approvals === "number" ? approvals : 1);
  }, 0);
}

function fenceOf(data: JsonObject): number {
  const fence = data["fence"];
  return typeof fence === "number" ? fence : 0;
}

function isSame(left: Fact, right: Fact): boolean {
  return left.action === right.action && left.actionDigest === right.actionDigest;
}

/** Texts of a list; anything else in it is named as what it is not. */
function listOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? (value as readonly Json[]).map((item) => textOf(item) ?? "") : [];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
