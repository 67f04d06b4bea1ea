import type { Command } from "commander";
import { type AddCommand } from "./add-command.ts";

/** Commands for those who write policies. */
export function addPolicy(program: Command, command: AddCommand): void {
  const policy = program.command("policy").description("Check, format, explain and test policies.");
  const folder = "folder of policies (default: yours, else the shipped ones)";
  command(
    policy,
    "check [folder]",
    "Parse, validate strictly and compile.",
    ["writ policy check", "writ policy check ./policies"],
    async () => (await import("../commands/policy.ts")).check,
  );
  command
    .offline(
      policy,
      "fmt <files...>",
      "Format with the official formatter.",
      ["writ policy fmt policies/", "writ policy fmt --check policies/"],
      async () => (await import("../commands/policy.ts")).format,
    )
    .option("--check", "change nothing; end with 1 if something would change");
  command(
    policy,
    "explain <request>",
    "Which policies speak about a request, and why.",
    ["writ policy explain request.json"],
    async () => (await import("../commands/policy.ts")).explainRequest,
  ).option("--policies <folder>", folder);
  command(
    policy,
    "test <cases...>",
    "Decisions as readable cases.",
    ["writ policy test cases.yaml"],
    async () => (await import("../commands/policy.ts")).testCases,
  ).option("--policies <folder>", folder);
  command(
    policy,
    "activate [folder]",
    "Decide by this set from now on; shows what changes and asks on the terminal.",
    ["writ policy activate", "writ policy activate ./policies --dry-run"],
    async () => (await import("../commands/activate.ts")).activate,
  )
    .option("--dry-run", "show what would change, and change nothing")
    .option("--yes", "do not ask; for scripts of your own, refused inside a coding agent");
  command
    .offline(
      policy,
      "authorize",
      "Decide a batch of Cedar requests, one JSON line each.",
      ["writ policy authorize --batch corpus.jsonl", "writ policy authorize --batch corpus.jsonl --engine=reference"],
      async () => (await import("../commands/policy.ts")).authorize,
    )
    .requiredOption("--batch <file>", "JSON lines: policies, schema, entities, requests")
    .option("--engine <name>", "compiled (default) or reference");
}
