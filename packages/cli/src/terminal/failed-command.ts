import { CommanderError } from "commander";
import { WritError } from "@writ/canon";
import { reportFailure } from "./output.ts";

/** Says why a command failed, or why its command line is none; returns the exit code (ARCHITECTURE §9). */
export function reportFailedCommand(error: unknown, json: boolean): number {
  if (!(error instanceof CommanderError)) return reportFailure(error, json);
  // Without a command the help is the answer, and commander has given it; with --json stdout owes its one document.
  if (error.code === "commander.help" && !json) return 2;
  return reportFailure(wrongUse(error), json);
}

function wrongUse({ code, message }: CommanderError): WritError {
  const [what = "", meant] = message.replace(/^error: /, "").split("\n");
  return new WritError({
    code: "USAGE",
    message: code === "commander.help" ? "no command is named, or none that there is" : what,
    reason: "the command line is not one that `writ` knows",
    next: `${meant === undefined ? "" : `${meant} `}writ --help, or writ <command> --help for examples`,
  });
}
