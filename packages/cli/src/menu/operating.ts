import type { Command } from "commander";
import { collect, type AddCommand, type Done } from "./add-command.ts";

/** Commands that keep an installation. */
export function addOperating(program: Command, command: AddCommand, done: Done): void {
  program
    .command("verify [args...]")
    .description("Check a bundle, proof or log offline, or a log in PostgreSQL.")
    .allowUnknownOption()
    .helpOption(false)
    .passThroughOptions()
    .action(async (args: string[]) => {
      done(await (await import("../commands/verify.ts")).verify(args));
    });
  command(
    program,
    "erase",
    "Erase what is private about a subject; the log still verifies.",
    ['writ erase --subject person-17 --ground "GDPR Art. 17" --dry-run'],
    async () => (await import("../commands/erase.ts")).erase,
  )
    .requiredOption("--subject <id>", "whom it is about")
    .requiredOption("--ground <text>", "the legal ground, recorded")
    .option("--dry-run", "list what would go")
    .option("--yes", "do not ask");
  command(
    program,
    "retain",
    "Erase what is private in entries of a kind and older than so many days.",
    ['writ retain --kind message.sent --days 365 --ground "house rule 4" --dry-run'],
    async () => (await import("../commands/retain.ts")).retain,
  )
    .requiredOption("--kind <kind>", "kind of entry, as `writ log list` shows it")
    .requiredOption("--days <n>", "keep what is younger, 7 at least")
    .requiredOption("--ground <text>", "why, recorded")
    .option("--hold-run <id>", "a run whose content stays (again for more)", collect)
    .option("--hold-subject <id>", "a subject whose content stays (again for more)", collect)
    .option("--dry-run", "list what would go")
    .option("--yes", "do not ask");

  const token = program.command("token").description("Tokens for operators, agents and viewers.");
  command(
    token,
    "create <role>",
    "A new token; its text is shown this once.",
    ["writ token create agent --principal claude", "writ token create operator"],
    async () => (await import("../commands/token.ts")).create,
  )
    .option("--principal <id>", "whom it speaks for")
    .option("--label <text>", "a note of yours, erasable");
  command(
    token,
    "list",
    "Tokens, never their texts.",
    ["writ token list"],
    async () => (await import("../commands/token.ts")).list,
  );
  command(
    token,
    "revoke <id>",
    "Revoke a token at once.",
    ["writ token revoke 0198f2c4-…"],
    async () => (await import("../commands/token.ts")).revoke,
  );

  const views = program.command("views").description("Tables derived from the log.");
  command(
    views,
    "rebuild",
    "Make them again from the log.",
    ["writ views rebuild"],
    async () => (await import("../commands/erase.ts")).rebuildViews,
  );

  command(
    program,
    "mcp",
    "The MCP tools on stdio.",
    ["claude mcp add writ -- writ mcp", "codex mcp add writ -- writ mcp"],
    async () => (await import("../commands/mcp.ts")).mcp,
  );
  command
    .alone(
      program,
      "signer",
      "Sign checkpoints in a process of its own, for another system user.",
      ["writ signer --socket /run/writ-signer/sock --origin writ.local/0f3c…"],
      async () => (await import("../commands/signer.ts")).signer,
    )
    .requiredOption("--socket <path>", "Unix socket to serve on")
    .requiredOption("--origin <origin>", "the log's name");
  command.alone(
    program,
    "doctor",
    "Test what Writ relies on, and say how to mend it.",
    ["writ doctor"],
    async () => (await import("../commands/doctor.ts")).doctor,
  );
  command.offline(
    program,
    "completion <shell>",
    "Shell completion: bash, zsh or fish.",
    ["writ completion bash > /etc/bash_completion.d/writ"],
    async () => {
      const { completion } = await import("../commands/completion.ts");
      return (shell: string, options: object) => completion(shell, program, options);
    },
  );
  program
    .command("owner", { hidden: true })
    .option("--home <folder>")
    .option("--ready-fd <n>")
    .action(async (options: object) => {
      done(await (await import("../commands/owner.ts")).runOwner(options));
    });
}
