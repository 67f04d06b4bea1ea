/**
 * Writes the golden records of this folder: `node --conditions=writ-source vectors/records/generate.ts`. The documents are
 * literals; digests are made with `node:crypto` and a sorter of keys of its own, so that the kernel is checked and not
 * quoted. All names are ASCII, for which code-unit order and this sort agree.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { approval, lease, processContract, receipt, statementContract, ticket } from "../../packages/kernel/test/samples.ts";

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${pairs.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(",")}}`;
}

function write(name: string, record: string, what: string, document: object, error?: string): void {
  const text = canonical(document);
  const expected = error === undefined ? { canonical: text, sha256: createHash("sha256").update(text).digest("hex") } : { error };
  writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify({ record, what, document, expected }, null, 2)}\n`);
}

const shape = processContract.shape.kind === "process" ? processContract.shape : null;

write("contract-process", "contract", "a command with environment names, stdin and scope", processContract);
write("contract-statement", "contract", "an action its proposer carries out, with free arguments", statementContract);
write("contract-unicode", "contract", "text outside ASCII and outside the basic plane", {
  ...statementContract,
  shape: { ...statementContract.shape, text: "zahle 50 € an 𝒎arketing\u2028\t\"jetzt\"" },
});
write("contract-unknown-field", "contract", "a field nobody knows", { ...processContract, note: "x" }, "CONTRACT_INVALID");
write("contract-relative-cwd", "contract", "a working folder that is not absolute", { ...processContract, shape: { ...shape, cwd: "project" } }, "CONTRACT_INVALID");
write("contract-dotted-path", "contract", "a path in another spelling", { ...processContract, shape: { ...shape, cwd: "/work/./project" } }, "CONTRACT_INVALID");
write("contract-nul-argument", "contract", "an argument with a NUL", { ...processContract, shape: { ...shape, argv: ["a\0b"] } }, "CONTRACT_INVALID");
write("contract-unsorted-effects", "contract", "a set in another order", { ...processContract, effects: ["state_change", "execution"] }, "CONTRACT_INVALID");
write("contract-truthy-network", "contract", "true where a word is needed", { ...processContract, scope: { ...processContract.scope, network: true } }, "CONTRACT_INVALID");
write("contract-floating-amount", "contract", "money as a number", { ...statementContract, shape: { ...statementContract.shape, amount: 50.5 } }, "CONTRACT_INVALID");
write("contract-shape-of-another-action", "contract", "a process under `act`", { ...processContract, action: "act" }, "CONTRACT_INVALID");
write("approval", "approval", "an operator's yes", approval);
write("approval-expired-at-birth", "approval", "expires when it is given", { ...approval, expires_at: approval.at }, "APPROVAL_INVALID");
write("ticket-live", "ticket", "for one live run", ticket);
write("ticket-dry", "ticket", "for a dry run, nobody had to approve", { ...ticket, mode: "dry", approvals: [] });
write("ticket-uppercase-id", "ticket", "an id in upper case", { ...ticket, id: ticket.id.toUpperCase() }, "TICKET_INVALID");
write("ticket-two-uses", "ticket", "a ticket that would be good twice", { ...ticket, max_runs: 2 }, "TICKET_INVALID");
write("lease", "lease", "the first one of a ticket", lease);
write("lease-no-fence", "lease", "a fence that no lease has", { ...lease, fence: 0 }, "LEASE_INVALID");
write("lease-ended-at-birth", "lease", "expires when it is granted", { ...lease, expires_at: lease.granted_at }, "LEASE_INVALID");
write("receipt", "receipt", "a run with a file and a refused connection", receipt);
write("receipt-dry", "receipt", "a dry run", { ...receipt, mode: "dry", outcome: "dry_run", exit_code: null, files: [], refusals: [], sandbox: null });
write("receipt-ends-before-start", "receipt", "time runs backwards", { ...receipt, ended_at: "2026-01-02T03:04:05.999Z" }, "RECEIPT_INVALID");
write("receipt-success-without-exit", "receipt", "success that no exit code shows", { ...receipt, exit_code: null }, "RECEIPT_INVALID");
