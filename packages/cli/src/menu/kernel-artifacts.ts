import type { Command } from "commander";
import { collect, type AddCommand } from "./add-command.ts";

/** Commands about the kernel itself, and about chains and tickets. */
export function addKernelArtifacts(kernel: Command, command: AddCommand): void {
  command.offline(
    kernel,
    "surfaces [name]",
    "What the kernel offers: each surface with its modules, its claim and what it does not claim.",
    ["writ kernel surfaces", "writ kernel surfaces admission_policy_core --json"],
    async () => (await import("../commands/kernel-index.ts")).surfaces,
  );
  command
    .offline(
      kernel,
      "boundary",
      "Who owns what, and whether domain profiles keep to it; ends with 1 when one does not.",
      ["writ kernel boundary", "writ kernel boundary --profile my-profile.json --json"],
      async () => (await import("../commands/kernel-index.ts")).boundary,
    )
    .option("--profile <file>", "a domain profile to hold against the boundary; again for more", collect);
  const chain = kernel.command("chain").description("Chains of artifacts.");
  command
    .offline(
      chain,
      "verify <folder>",
      "Verify the chain in a folder from its bytes; ends with 4 when it is broken, 5 when it is only reviewed.",
      ["writ kernel chain verify ./bundle", "writ kernel chain verify ./bundle --lifecycle --json"],
      async () => (await import("../commands/kernel-chain.ts")).verifyFolder,
    )
    .option("--lifecycle", "exactly the six artifacts of a lifecycle, bound to each other");
  const ticket = kernel.command("ticket").description("Scoped tickets.");
  command
    .offline(
      ticket,
      "check <ticket> <contract>",
      "Check a ticket against its contract, and its use against a receipt; ends with 1 when refused, 5 when reviewed.",
      [
        "writ kernel ticket check ticket.json contract.json",
        "writ kernel ticket check ticket.json contract.json --receipt receipt.json --evidence evidence.json --strict",
      ],
      async () => (await import("../commands/kernel-ticket.ts")).checkTicketFiles,
    )
    .option("--receipt <file>", "the receipt of its use")
    .option("--evidence <file>", "the evidence contract of its use")
    .option("--strict", "both strict profiles: one run, and claims judged by their fields alone");
  command(
    ticket,
    "use <ticket> <contract>",
    "Claim the next use of a ticket in the log, before its runtime starts; ends with 3 when there is none.",
    ["writ kernel ticket use ticket.json contract.json --runtime runtime:local"],
    async () => (await import("../commands/kernel-claim.ts")).useTicket,
  ).requiredOption("--runtime <name>", "the runtime that is about to use it");
  addRecords(kernel, command);
}

function addRecords(kernel: Command, command: AddCommand): void {
  const admission = kernel.command("admission").description("Runtime admissions.");
  command.offline(
    admission,
    "inspect <file>",
    "What an admission says, with its blockers and next actions; nothing is executed.",
    ["writ kernel admission inspect admission.json", "writ kernel admission inspect admission.json --json"],
    async () => (await import("../commands/kernel-records.ts")).inspect,
  );
  const audit = kernel.command("audit").description("Audit ledgers.");
  command.offline(
    audit,
    "verify <ledger>",
    "Verify every entry of an audit ledger; ends with 4 when it is broken, 5 when it is empty.",
    ["writ kernel audit verify ledger.jsonl", "writ kernel audit verify ledger.jsonl --json"],
    async () => (await import("../commands/kernel-records.ts")).verifyLedger,
  );
}
