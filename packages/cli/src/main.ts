import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/** Columns that the bundled help was wrapped for. */
const HELP_COLUMNS = 80;

// Beside the code: who may write there may change the code itself. The default is a folder in /tmp, where others could
// have put compiled code of their own.
enableCompileCache(fileURLToPath(new URL("../.compile-cache", import.meta.url)));
for (const stream of [process.stdout, process.stderr]) stream.on("error", forgiveClosedPipe);
const help = bundledHelp(process.argv.slice(2));
if (help === undefined) {
  const { runProgram } = await import("./program.ts");
  process.exitCode = await runProgram(process.argv);
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

/** Whoever read has left, as `head` does. What was begun is finished all the same: a run owes its receipt. */
function forgiveClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
