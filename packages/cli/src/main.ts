import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/** Columns that the bundled help was wrapped for. */
const HELP_COLUMNS = 80;

// Beside the code: who may write there may change the code itself. The default is a folder in /tmp, where others could
// have put compiled code of their own.
enableCompileCache(fileURLToPath(new URL("../.compile-cache", import.meta.url)));
for (const stream of [process.stdout, process.stderr]) stream.on("error", outputLost);
let lost = false;
const help = bundledHelp(process.argv.slice(2));
if (help === undefined) {
  const { runProgram } = await import("./program.ts");
  const code = await runProgram(process.argv);
  process.exitCode = lost && code === 0 ? 1 : code;
} else process.stdout.write(help);

/** The help of the whole command, written beside the bundle when it was made; without it commander says the same. */
function bundledHelp(words: readonly string[]): string | undefined {
  if (words.length !== 1 || !["--help", "-h"].includes(words[0] ?? "")) return undefined;
  if ((process.stdout.columns ?? HELP_COLUMNS) < HELP_COLUMNS) return undefined;
  try {
    return readFileSync(new URL("help.txt", import.meta.url), "utf8");
  } catch {
    return undefined;
  }
}

/**
 * What was begun is finished all the same: a run owes its receipt. A reader that has left, as `head` does, is no failure;
 * a full disk is, and is said once.
 */
function outputLost(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE" || lost) return;
  lost = true;
  process.exitCode = 1;
  process.stderr.write(
    `writ: cannot write the output [OUTPUT_FAILED]\n  why:  ${error.code ?? error.message}\n  next: make room, or write it elsewhere\n`,
  );
}
