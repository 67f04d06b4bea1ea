import type { Effect } from "@writ/kernel";
import { shapeArgv, type RiskClass } from "@writ/kernel/shell";
import { commandEffects, type CommandScope } from "@writ/policy";

/** What each class of a command's shape amounts to among declared effects. What cannot be seen may do all of it. */
const EFFECTS_OF: Readonly<Record<RiskClass, readonly Effect[]>> = {
  read_only: [],
  sensitive_read: ["sensitive_data"],
  writes: ["state_change"],
  network: ["external_access"],
  executes_code: ["execution"],
  privileged: ["execution", "privilege_escalation"],
  destructive: ["destructive", "state_change"],
  opaque: [
    "execution",
    "destructive",
    "outbound",
    "external_access",
    "sensitive_data",
    "state_change",
    "privilege_escalation",
  ],
};

/** All that a command line is found to do: by the registry of commands, and by what its wrappers start. */
export function processEffects(argv: readonly string[], scope: CommandScope): readonly Effect[] {
  return [...commandEffects(argv, scope).effects, ...wrappedEffects(argv)];
}

/**
 * Effects of a command that hands its words to a shell, an interpreter or another wrapper: those of every command
 * found inside, and all of them where something cannot be seen (spec kernel.md §13, §27 no. 14). A command that wraps
 * nothing is left to the registry of commands.
 */
export function wrappedEffects(argv: readonly string[]): readonly Effect[] {
  const { verdict, commands } = shapeArgv(argv);
  if (verdict === "opaque") return EFFECTS_OF.opaque;
  return commands
    .filter(({ wrappers }) => wrappers.length > 0)
    .flatMap(({ effects }) => effects.flatMap((name) => EFFECTS_OF[name]));
}
