import type { Command } from "commander";
import { type AddCommand } from "./add-command.ts";

/** Commands of the person who answers and governs. */
export function addAnswering(program: Command, command: AddCommand): void {
  command(
    program,
    "inbox",
    "What waits for an answer.",
    ["writ inbox", "writ inbox --state released --json"],
    async () => (await import("../commands/inbox.ts")).inbox,
  )
    .option("--state <state>", "another state than held")
    .option("--limit <n>", "at most this many (default 50)")
    .option("--after <cursor>", "the next page");
  command(
    program,
    "show <id>",
    "One action, whole.",
    ["writ show 0198f2c4-…"],
    async () => (await import("../commands/inbox.ts")).show,
  );
  command(
    program,
    "approve <id>",
    "Approve exactly this action, once; asks on the terminal.",
    ["writ approve 0198f2c4-…"],
    async () => (await import("../commands/answer.ts")).approve,
  )
    .option("--yes", "do not ask; for scripts of your own, refused inside a coding agent")
    .option("--note <text>", "kept with the approval, erasable");
  command(
    program,
    "reject <id>",
    "Reject a held action.",
    ['writ reject 0198f2c4-… --note "not today"'],
    async () => (await import("../commands/answer.ts")).reject,
  ).option("--note <text>", "kept with the rejection, erasable");

  command(
    program,
    "status",
    "Log, governance, inbox and unfinished runs.",
    ["writ status", "writ status --json"],
    async () => (await import("../commands/status.ts")).status,
  );
  command(
    program,
    "recover [ticket]",
    "Settle runs that left no receipt.",
    ["writ recover"],
    async () => (await import("../commands/status.ts")).recover,
  );
  command(program, "mode [name]", "Show or set the mode.", ["writ mode", 'writ mode "High Security"'], async () => {
    const { setting } = await import("../commands/governance.ts");
    return (name: string | undefined, options: object) => setting("mode", name, options);
  });
  command(
    program,
    "posture [name]",
    "Show or set the posture: SCOUT, DEFENSE or OFFENSE.",
    ["writ posture DEFENSE"],
    async () => {
      const { setting } = await import("../commands/governance.ts");
      return (name: string | undefined, options: object) => setting("posture", name, options);
    },
  );
}
