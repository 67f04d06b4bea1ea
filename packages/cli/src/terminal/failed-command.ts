import { CommanderError } from "commander";
import { WritError } from "@writ/canon";
import { reportFailure } from "./output.ts";

/** Says why a command failed, or why its command line is none; returns the exit code (ARCHITECTURE §9). */
export function reportFailedCommand(error: unknown, json: boolean): number {
  if (!(error instanceof CommanderError)) return reportFailure(error, json);
  // Commander has told stderr already; with --json stdout still owes its one document.
  return json ? reportFailure(wrongUse(error), json) : 2;
}

function wrongUse({ message }: CommanderError): WritError {
  return new WritError({
    code: "USAGE",
    message: message.replace(/^error: /, ""),
    reason: "the command line is not one that `writ` knows",
    next: "writ --help, or writ <command> --help for examples",
  });
}
