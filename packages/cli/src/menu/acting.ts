import type { Command } from "commander";
import { collect, type AddCommand } from "./add-command.ts";

/** Commands that ask for something to happen. */
export function addActing(program: Command, command: AddCommand): void {
  command
    .alone(
      program,
      "up",
      "Serve the inbox page, HTTP, WebSocket and MCP until Ctrl-C.",
      ["writ up", "writ up --port 9000", "writ up --trial"],
      async () => (await import("../commands/up.ts")).up,
    )
    .option("--port <n>", "TCP port (default 8300)")
    .option("--host <address>", "address to listen on (default 127.0.0.1)")
    .option("--trial", "ask no token; loopback only; recorded in every entry");
  command.offline(
    program,
    "demo",
    "Play one governed action end to end in a folder of its own.",
    ["writ demo", "writ demo --json"],
    async () => (await import("../commands/demo.ts")).demo,
  );

  command(
    program,
    "run <command...>",
    "Run a command under a writ: decided, held if policy says so, sandboxed, receipted.",
    [
      "writ run -- ls -l",
      "writ run --write out/ -- make",
      "writ run --net -- git push",
      "writ run --dry-run -- rm -rf build",
      "writ run --action <id> -- git push",
    ],
    async () => (await import("../commands/run.ts")).run,
  )
    .passThroughOptions()
    .option("--write <path>", "a folder or file it may write (repeatable; default none)", collect)
    .option("--read <path>", "a further path it may read (repeatable)", collect)
    .option("--net", "let it use the network of this machine, all of it")
    .option("--env <name>", "hand on this environment variable (repeatable)", collect)
    .option("--stdin", "hand on standard input, at most 64 MiB; its digest is part of the contract")
    .option("--effect <effect>", "declare an effect (repeatable)", collect)
    .option("--time <seconds>", "stop it after this long (default 900, at most 86400)")
    .option("--output-max <bytes>", "stop it when it prints more (default 67108864)")
    .option("--processes <n>", "how many processes and threads it may have (default 256, at most 4096)")
    .option("--run <id>", "the run it belongs to")
    .option("--action <id>", "go on with an action proposed before")
    .option("--dry-run", "say exactly what would run, and where; run nothing")
    .option("--no-wait", "when held, say so and end with 3 instead of waiting")
    .addHelpText("after", RUN_LIMITS);
  command(
    program,
    "propose <text>",
    "Ask for leave to do something that Writ does not run itself.",
    [
      'writ propose "send the report to the client"',
      'writ propose "transfer 50 SOL" --amount 50 --position 400',
      'writ propose "drop table users" --check',
    ],
    async () => (await import("../commands/propose.ts")).propose,
  )
    .option("--tool <name>", "the tool that would do it")
    .option("--target <what>", "what it would touch")
    .option("--amount <decimal>", "how much")
    .option("--position <decimal>", "of how much")
    .option("--rationale <text>", "why")
    .option("--evidence <text>", "what it rests on (repeatable)", collect)
    .option("--effect <effect>", "declare an effect (repeatable)", collect)
    .option("--run <id>", "the run it belongs to")
    .option("--id <uuid>", "your UUIDv7: the same id again is the same proposal")
    .option("--check", "decide only; opens nothing");
}

const RUN_LIMITS =
  "\nIt runs in a sandbox of Linux namespaces, or not at all. Not limited: memory, CPU time, the size of what it\n" +
  "writes into --write, and hosts once --net is given. A run that writes the folder of another waits for it, ten\n" +
  "seconds at most. Ends with 0 when the command did, 1 when it failed or could not run, 3 when it may not run.\n";
