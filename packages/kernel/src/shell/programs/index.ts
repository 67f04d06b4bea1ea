import type { Program } from "../call.ts";
import { awk } from "./awk.ts";
import { alias, evaluates, exec, set, trap } from "./builtins.ts";
import { dd } from "./dd.ts";
import { find } from "./find.ts";
import { INTERPRETER_TOOLS, interpreter } from "./interpreter.ts";
import { sed } from "./sed.ts";
import { SHELLS, shell } from "./shell.ts";
import { tar } from "./tar.ts";
import { busybox, command, make, parallel, xargs } from "./wrappers.ts";

/** Programs whose arguments are a language of their own. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...SHELLS.map((name) => [name, shell] as const),
  ...[...INTERPRETER_TOOLS.keys()].map((name) => [name, interpreter] as const),
  ["find", find],
  ["xargs", xargs],
  ["sed", sed],
  ["gsed", sed],
  ["awk", awk],
  ["gawk", awk],
  ["mawk", awk],
  ["nawk", awk],
  ["dd", dd],
  ["tar", tar],
  ["gtar", tar],
  ["bsdtar", tar],
  ["parallel", parallel],
  ["sem", parallel],
  ["command", command],
  ["make", make],
  ["gmake", make],
  ["busybox", busybox],
  ["toybox", busybox],
  ["trap", trap],
  ["alias", alias],
  ["set", set],
  ["exec", exec],
  ["test", evaluates],
  ["[", evaluates],
  ["let", evaluates],
  ["unset", evaluates],
  ["read", evaluates],
  ["printf", evaluates],
  ["declare", evaluates],
  ["typeset", evaluates],
  ["local", evaluates],
  ["readonly", evaluates],
  ["export", evaluates],
  ["mapfile", evaluates],
  ["readarray", evaluates],
  ["wait", evaluates],
  ["getopts", evaluates],
]);
