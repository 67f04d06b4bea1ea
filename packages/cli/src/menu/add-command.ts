import type { Command } from "commander";

type Run = (...args: never[]) => Promise<number>;

/** Takes the exit code of the command that ran. */
export type Done = (code: number) => void;

/** Adds one command below `parent`. Its module is loaded only when it runs. */
type Add = (
  parent: Command,
  usage: string,
  summary: string,
  samples: readonly string[],
  load: () => Promise<Run>,
) => Command;

/**
 * Adds a command that asks the owner of an installation's log; `alone` one that has its own way to it; `offline` one
 * that opens no installation and takes no option that names one.
 */
export type AddCommand = Add & { readonly alone: Add; readonly offline: Add };

export function commandAdder(done: Done): AddCommand {
  const offline = offlineAdder(done);
  const alone: Add = (...command) =>
    offline(...command).option("--home <folder>", "data home (default: WRIT_HOME, else the XDG data folder)");
  const add: Add = (...command) =>
    alone(...command).option("--in-process", "open the log in this process; for scripts that are surely alone");
  return Object.assign(add, { alone, offline });
}

function offlineAdder(done: Done): Add {
  return (parent, usage, summary, samples, load) =>
    parent
      .command(usage)
      .description(summary)
      .addHelpText("after", examples(...samples))
      .option("--json", "one JSON document on stdout")
      .action(async (...args: unknown[]) => {
        refuseForgottenValue(args.at(-1) as Command);
        const run = await load();
        // Commander hands the arguments, then the options, then the command itself.
        done(await run(...(args.slice(0, -1) as never[])));
      });
}

/** `--home --json` would name a folder `--json`: an option stands where another's value was forgotten. */
function refuseForgottenValue(command: Command): void {
  const names = new Set(["--", ...command.options.flatMap(({ long, short }) => [long, short])]);
  for (const option of command.options) {
    const given: unknown = command.getOptionValue(option.attributeName());
    const taken = [given].flat().find((value) => typeof value === "string" && names.has(value)) as string | undefined;
    if (taken !== undefined) command.error(`option '${option.flags}' has no value: '${taken}' follows it`);
  }
}

/** For options that may be given again and again. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
