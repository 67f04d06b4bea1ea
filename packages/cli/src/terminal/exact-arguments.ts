import { readFileSync } from "node:fs";
import { WritError } from "@writ/canon";

/**
 * Refuses arguments that are no UTF-8: the contract could only hold a replacement for them, and another command than
 * the one typed would run.
 *
 * @throws WritError `USAGE`.
 */
export function requireExactArguments(command: readonly string[]): void {
  if (!command.some((argument) => argument.includes("\ufffd")) || process.platform !== "linux") return;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(readFileSync("/proc/self/cmdline"));
  } catch (cause) {
    throw new WritError({
      code: "USAGE",
      message: "an argument of the command is not UTF-8",
      reason: "a contract is text, and what runs is exactly what it says",
      next: "name the file by a pattern inside `sh -c`, or rename it",
      cause,
    });
  }
}
