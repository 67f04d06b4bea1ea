import type { Word } from "unbash";
import { resolveWord, type KnownValue } from "./resolve-word.ts";
import type { ShellWord } from "./shell-word.ts";
import { spanOf, type Walk } from "./walk-place.ts";

/** The words a written word stands for at this place. */
export function resolveHere(word: Word, walk: Walk): readonly ShellWord[] {
  return resolveWord(word, spanOf(word, walk.frame), (name) => knownHere(name, walk));
}

function knownHere(name: string, { known, settings }: Walk): KnownValue | undefined {
  const value = known.get(name);
  // With other separators a value splits at other places.
  if (value !== undefined) return settings.times.has("IFS") && value.kind === "text" ? { kind: "changed" } : value;
  return settings.unbounded || settings.times.has(name) ? { kind: "changed" } : undefined;
}
