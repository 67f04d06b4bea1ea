import { Command, CommanderError } from "commander";
import { addActing } from "./menu/acting.ts";
import { commandAdder, examples, type Done } from "./menu/add-command.ts";
import { addAnswering } from "./menu/answering.ts";
import { addKernel } from "./menu/kernel.ts";
import { addLedger, addLog } from "./menu/log.ts";
import { addOperating } from "./menu/operating.ts";
import { addPolicy } from "./menu/policy.ts";
import { VERSION } from "./version.ts";

/** Parses the command line and runs one command; returns the exit code (ARCHITECTURE §9). */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = describe((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Loaded only now, because help should not pay for it.
    const { reportFailedCommand } = await import("./terminal/failed-command.ts");
    return reportFailedCommand(error, optionsOf(argv).includes("--json"));
  }
}

/** What is ours to read: after `--` everything belongs to the command that is run. */
function optionsOf(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return end === -1 ? argv : argv.slice(0, end);
}

function describe(done: Done): Command {
  const program = new Command("writ");
  program
    .description(
      "Nothing an agent does runs without a writ: policy decides, a person approves, exactly that runs, once, and the log can prove it.",
    )
    .version(VERSION)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpText(
      "after",
      examples("writ up", "writ run -- git push", "writ inbox", "writ verify run.jsonl --policy keys") + exitCodes,
    );

  const command = commandAdder(done);
  addActing(program, command);
  addAnswering(program, command);
  addLog(program, command);
  addLedger(program, command);
  addPolicy(program, command);
  addKernel(program, command);
  addOperating(program, command, done);
  return program;
}

const exitCodes =
  "\nExit codes: 0 done, 1 refused or failed, 2 wrong use, 3 held or blocked by governance, 4 integrity broken,\n" +
  "5 evidence incomplete, 6 trust policy not met, 130 interrupted.\n";
