import { isWithin } from "./absolute-path.ts";
import { contractDigest } from "./contract.ts";
import type { Agreement, Contract, Receipt, Ticket } from "./records.ts";

/** What was decided and what is known to have happened; null where the log has none. */
export interface Happened {
  readonly contract: Contract;
  readonly ticket: Ticket | null;
  readonly receipt: Receipt | null;
}

export interface Comparison {
  readonly agreement: Agreement;
  /** What differs, for people; empty when nothing does. */
  readonly differences: readonly string[];
}

/**
 * Compares receipt with contract (spec ledger.md §3). A receipt without its ticket is `unauthorised`; a ticket without
 * receipt, or one settled as such, is `unfinished`; a digest, a mode or an effect outside the scope is `different`.
 */
export function compareReceipt({ contract, ticket, receipt }: Happened): Comparison {
  if (receipt === null) return { agreement: "unfinished", differences: ["there is no receipt"] };
  if (ticket === null || receipt.ticket_id !== ticket.id)
    return { agreement: "unauthorised", differences: ["the receipt names no ticket of this action"] };
  if (receipt.outcome === "unfinished")
    return { agreement: "unfinished", differences: ["the run left no receipt of its own"] };
  const differences = [...bindingDifferences(contract, ticket, receipt), ...effectDifferences(contract, receipt)];
  return { agreement: differences.length === 0 ? "as_decided" : "different", differences };
}

function bindingDifferences(contract: Contract, ticket: Ticket, receipt: Receipt): string[] {
  const digest = contractDigest(contract);
  return [
    ...(receipt.action_digest === digest && ticket.action_digest === digest
      ? []
      : ["the receipt is about another contract"]),
    ...(receipt.action_id === ticket.action_id ? [] : ["the receipt is about another proposal"]),
    ...(receipt.mode === ticket.mode ? [] : [`the ticket was for a ${ticket.mode} run`]),
  ];
}

function effectDifferences({ scope, limits }: Contract, receipt: Receipt): string[] {
  const outside = receipt.files.filter(({ path }) => !scope.write.some((folder) => isWithin(folder, path)));
  const printed = receipt.stdout.bytes + receipt.stderr.bytes;
  const overLimit = printed > limits.output_bytes && receipt.outcome !== "output_limit";
  return [
    ...outside.map(({ change, path }) => `${change} ${path}, which is outside the scope`),
    ...(overLimit ? [`printed ${String(printed)} bytes of ${String(limits.output_bytes)} allowed`] : []),
  ];
}
