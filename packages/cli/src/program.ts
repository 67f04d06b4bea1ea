import { CommanderError, type Command } from "commander";
import { addActing } from "./menu/acting.ts";
import { commandAdder, examples, type AddCommand, type Done } from "./menu/add-command.ts";
import { addAnswering } from "./menu/answering.ts";
import { addKernel } from "./menu/kernel.ts";
import { addLedger, addLog } from "./menu/log.ts";
import { addOperating } from "./menu/operating.ts";
import { addPolicy } from "./menu/policy.ts";
import { StrictCommand } from "./menu/strict-command.ts";
import { VERSION } from "./version.ts";

/** Parses the command line and runs one command; returns the exit code (ARCHITECTURE §9). */
export async function runProgram(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = describe(argv[2], (code) => {
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

interface Menu {
  readonly names: readonly string[];
  readonly add: (program: Command, command: AddCommand, done: Done) => void;
}

/** To describe every command takes longer than most of them do, so one that is named here brings its own menu alone. */
const MENUS: readonly Menu[] = [
  { names: ["up", "demo", "run", "propose"], add: addActing },
  {
    names: ["inbox", "show", "approve", "reject", "status", "recover", "mode", "posture"],
    add: addAnswering,
  },
  { names: ["log"], add: addLog },
  { names: ["ledger"], add: addLedger },
  { names: ["policy"], add: addPolicy },
  { names: ["kernel"], add: addKernel },
  // `completion` and `help` need them all.
  { names: ["verify", "erase", "retain", "token", "views", "mcp", "signer", "doctor", "owner"], add: addOperating },
];

function describe(first: string | undefined, done: Done): Command {
  const program = new StrictCommand("writ");
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
  const own = MENUS.filter(({ names }) => first !== undefined && names.includes(first));
  for (const { add } of own.length > 0 ? own : MENUS) add(program, command, done);
  return program;
}

const exitCodes =
  "\nExit codes: 0 done, 1 refused or failed, 2 wrong use, 3 held or blocked by governance, 4 integrity broken,\n" +
  "5 evidence incomplete, 6 trust policy not met, 130 interrupted.\n";
