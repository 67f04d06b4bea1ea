import { isWritError, parseRfc3339 } from "@writ/canon";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { isExactRecord, member, textMember, type ExactRecord } from "../compat/exact-record.ts";

/** Outcomes of a receipt by which nothing was executed. */
export const NON_EXECUTED: readonly string[] = ["blocked", "rejected", "denied", "failed", "skipped", "not_executed"];

/** Whether what a receipt reports happened inside its ticket's validity. */
export interface WindowVerdict {
  readonly ok: true;
  readonly status: "passed" | "review";
  /** Why it passed or is only reviewed, in the reference's words. */
  readonly detail: string;
}

/** A ticket's validity in nanoseconds since 1970; both ends belong to it. */
export interface Validity {
  readonly ok: true;
  readonly notBefore: bigint;
  readonly notAfter: bigint;
}

/** Reads `validity`: two offset-aware times in order (spec kernel.md §6.1, step 10). */
export function readValidity(ticket: ExactRecord): Validity | LegacyFailure {
  const validity = member(ticket, "validity");
  const [notBefore, notAfter] = [
    nanoseconds(member(validity, "not_before")),
    nanoseconds(member(validity, "not_after")),
  ];
  if (!isExactRecord(validity)) return failure("ticket_semantics", "ticket.validity must be an object");
  if (notBefore === undefined) return notATime("ticket.validity.not_before");
  if (notAfter === undefined) return notATime("ticket.validity.not_after");
  if (notBefore > notAfter) return failure("ticket_use", "ticket validity not_before is after not_after");
  return { ok: true, notBefore, notAfter };
}

/** Step T of spec kernel.md §6.3. Bounds are inclusive and offsets honoured, to the nanosecond. */
export function checkWindow(ticket: ExactRecord, receipt: ExactRecord): WindowVerdict | LegacyFailure {
  const validity = readValidity(ticket);
  if (!validity.ok) return validity;
  const execution = member(receipt, "execution");
  if (!isExactRecord(execution)) return failure("ticket_semantics", "receipt.execution must be an object");
  const [started, ended] = [member(execution, "started_at") ?? null, member(execution, "ended_at") ?? null];
  if (started === null || ended === null)
    return review("receipt execution timestamps are missing; ticket validity was not fully checked");
  const [from, to] = [nanoseconds(started), nanoseconds(ended)];
  if (from === undefined) return notATime("receipt.execution.started_at");
  if (to === undefined) return notATime("receipt.execution.ended_at");
  if (from > to) return failure("ticket_use", "receipt execution started_at is after ended_at");
  if (from < validity.notBefore || to > validity.notAfter)
    return failure("ticket_use", "receipt execution interval is outside ticket validity window");
  const outcome = textMember(member(receipt, "outcome"), "status")?.toLowerCase() ?? "";
  if (NON_EXECUTED.includes(outcome))
    return review("receipt is non-executed/blocked; ticket validity is not an execution pass");
  return { ok: true, status: "passed", detail: "receipt execution interval is within ticket validity window" };
}

function review(detail: string): WindowVerdict {
  return { ok: true, status: "review", detail };
}

/** The reference also reads other forms of ISO 8601 (§27 no. 12). */
function notATime(label: string): LegacyFailure {
  return failure("ticket_use", `${label} must be an offset-aware RFC3339 timestamp`, 12);
}

/** An instant to the nanosecond: `parseRfc3339` cuts off what is finer than a millisecond. */
function nanoseconds(value: unknown): bigint | undefined {
  // To the reference only a capital `Z` stands for UTC.
  if (typeof value !== "string" || value.endsWith("z")) return undefined;
  try {
    const fraction = /\.(\d+)/.exec(value)?.[1] ?? "";
    return BigInt(parseRfc3339(value)) * 1_000_000n + BigInt(fraction.padEnd(9, "0").slice(3));
  } catch (error) {
    if (isWritError(error, "INSTANT_INVALID")) return undefined;
    throw error;
  }
}
