import type { Analysis } from "./analysis.ts";
import type { ShellWord } from "./shell-word.ts";

/** Remembers a file that the line makes. Compared by base name, because the line may change folders in between. */
export function makesFile(word: ShellWord, analysis: Analysis): void {
  if (word.text === null) analysis.madeUnnamed = true;
  else if (!word.text.startsWith("/dev/")) analysis.made.add(baseName(word.text));
}

/** Whether a file that is to be run may be one that the line itself made or fetched. */
export function isMade(path: string, analysis: Analysis): boolean {
  return analysis.madeUnnamed || analysis.made.has(baseName(path));
}

export function baseName(path: string): string {
  return path.replace(/\/+$/, "").replace(/^.*\//, "");
}
