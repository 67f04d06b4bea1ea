import type { Command } from "commander";
import { type AddCommand } from "./add-command.ts";

/** Commands that read the log. */
export function addLog(program: Command, command: AddCommand): void {
  const log = program.command("log").description("Read and export the log.");
  command(
    log,
    "list",
    "Entries in pages, oldest first.",
    ["writ log list --after 100", "writ log list --kind policy.decision"],
    async () => (await import("../commands/log.ts")).list,
  )
    .option("--after <index>", "entries after this one")
    .option("--limit <n>", "at most this many (default 50)")
    .option("--run <id>", "of this run or action")
    .option("--kind <kind>", "of this kind");
  command(
    log,
    "show <index>",
    "One entry with what is open of its private fields.",
    ["writ log show 12"],
    async () => (await import("../commands/log.ts")).showEntry,
  );
  command(
    log,
    "follow",
    "Print entries as they are committed.",
    ["writ log follow --json"],
    async () => (await import("../commands/log.ts")).follow,
  )
    .option("--after <index>", "begin after this one")
    .option("--run <id>", "of this run or action")
    .option("--kind <kind>", "of this kind");
  command(
    log,
    "export",
    "A bundle that anyone can verify offline.",
    ["writ log export --run <id> > run.jsonl", "writ log export --output all.jsonl"],
    async () => (await import("../commands/log.ts")).exportLog,
  )
    .option("--run <id>", "this run or action alone")
    .option("--since <file>", "the checkpoint that a reader remembers, as `writ verify --since` keeps it")
    .option("--output <file>", "a new file instead of stdout")
    .option("--closed", "leave private fields closed");
  command(
    log,
    "proof <index>",
    "A stand-alone proof that an entry is in the log.",
    ["writ log proof 12 > entry.tlog-proof"],
    async () => (await import("../commands/log.ts")).proof,
  );
  command(
    log,
    "key",
    "The log's public key, as verifiers need it.",
    ["writ log key > keys"],
    async () => (await import("../commands/key.ts")).key,
  );
}

/** Commands about the log as a whole. */
export function addLedger(program: Command, command: AddCommand): void {
  const ledger = program.command("ledger").description("How the log stands, and what to do when it was rolled back.");
  command(
    ledger,
    "status",
    "Size, checkpoints, signer and durability settings, as read back.",
    ["writ ledger status", "writ ledger status --json"],
    async () => (await import("../commands/ledger.ts")).ledgerStatus,
  );
  command
    .alone(
      ledger,
      "adopt",
      "Begin a new log where the old one was found rolled back and its newest copy is lost.",
      [
        'writ ledger adopt --reason "disk lost, restored from Monday" --dry-run',
        'writ ledger adopt --reason "disk lost, restored from Monday"',
      ],
      async () => (await import("../commands/ledger-adopt.ts")).adopt,
    )
    .requiredOption("--reason <text>", "why the newest copy is given up; recorded, erasable")
    .option("--origin <name>", "name of the new log (default: a new `writ.local/…`)")
    .option("--dry-run", "say what was found, and change nothing")
    .option("--yes", "do not ask");
}
