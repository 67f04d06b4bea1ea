import { posix } from "node:path";
import { EFFECTS, type Effect } from "./governance-vocabulary.ts";
import { EFFECT_TEXT_MAX, recogniseEffects } from "./effects.ts";
import { cloudEffects } from "./tools-cloud.ts";
import { gitEffects } from "./tools-git.ts";
import { curlEffects, rsyncEffects, wgetEffects } from "./tools-network.ts";
import { programEffects } from "./tools-programs.ts";
import { isSensitivePath, readerEffects } from "./tools-readers.ts";
import { commandsOf } from "./tools-shell.ts";
import { subcommandEffects } from "./tools-subcommands.ts";
import { chmodEffects, crontabEffects, sedEffects, tarEffects } from "./tools-special.ts";
import { unwrap, type Wrapped } from "./tools-wrappers.ts";

/** What the registry of commands says about one command line. */
export interface CommandEffects {
  /** True when the registry knows the program, and it stands where such programs are installed. */
  readonly registered: boolean;
  /** The program's name; for a program outside the system folders its path as given. */
  readonly tool: string;
  /** In the order of `EFFECTS`, distinct. */
  readonly effects: readonly Effect[];
  /** True when the command runs something that is not seen here: a script, a file, an unknown program. */
  readonly opaque: boolean;
}

/** The part of a contract's scope that matters here. */
export interface CommandScope {
  readonly network: "none" | "host";
}

/** Wrappers within wrappers are followed this far; beyond it the rest counts as unseen. */
const DEPTH_MAX = 8;

const SYSTEM_FOLDERS = new Set([
  "/bin",
  "/sbin",
  "/usr/bin",
  "/usr/sbin",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/opt/homebrew/bin",
]);

/**
 * The effects of starting `argv`, from the registry of commands (spec command.md §21.1). Pure and total. An unknown
 * program is execution; a program is known by its name or by a path in a system folder; `./ls` is not `ls`. A
 * network grant is outside access whatever the program is for.
 */
export function commandEffects(argv: readonly string[], scope: CommandScope): CommandEffects {
  const judged = judge(argv, 0);
  const found = new Set(judged.effects);
  if (scope.network === "host") found.add("external_access");
  if (argv.slice(1).some(isSensitivePath)) found.add("sensitive_data");
  return { ...judged, effects: EFFECTS.filter((effect) => found.has(effect)) };
}

function judge(argv: readonly string[], depth: number): CommandEffects {
  const [path = "", ...args] = argv;
  const tool = toolName(path);
  if (tool === undefined || depth > DEPTH_MAX) return unknownProgram(path);
  const wrapped = unwrap(tool, args);
  if (wrapped !== undefined) return { registered: true, tool, ...judgeWrapped(tool, wrapped, depth) };
  const known = registeredEffects(tool, args);
  if (known !== undefined) return { registered: true, tool, effects: known, opaque: false };
  const program = programEffects(tool);
  if (program === undefined) return unknownProgram(tool);
  const spoken = program.opaque ? recognised(args.join(" ")) : [];
  return { registered: true, tool, effects: [...program.effects, ...spoken], opaque: program.opaque };
}

/** The name a program is registered under, or undefined when its path is not one of the system's. */
function toolName(path: string): string | undefined {
  if (!path.includes("/")) return path === "" ? undefined : path;
  return SYSTEM_FOLDERS.has(posix.dirname(path)) ? posix.basename(path) : undefined;
}

function unknownProgram(tool: string): CommandEffects {
  return { registered: false, tool, effects: ["execution"], opaque: true };
}

function registeredEffects(tool: string, args: readonly string[]): readonly Effect[] | undefined {
  switch (tool) {
    case "git":
      return gitEffects(args);
    case "curl":
      return curlEffects(args);
    case "wget":
      return wgetEffects(args);
    case "rsync":
      return rsyncEffects(args);
    case "chmod":
      return chmodEffects(args);
    case "sed":
      return sedEffects(args);
    case "tar":
      return tarEffects(args);
    case "crontab":
      return crontabEffects(args);
    default:
      return readerEffects(tool, args) ?? subcommandEffects(tool, args) ?? cloudEffects(tool, args);
  }
}

function judgeWrapped(tool: string, wrapped: Wrapped, depth: number): Pick<CommandEffects, "effects" | "opaque"> {
  const own: readonly Effect[] = ESCALATING.has(tool) ? ["execution", "privilege_escalation"] : ["execution"];
  switch (wrapped.kind) {
    case "nothing":
      // `env` alone prints the environment.
      return { effects: tool === "env" ? ["sensitive_data"] : [], opaque: false };
    case "unseen":
      return { effects: own, opaque: true };
    case "command": {
      const inner = judge(wrapped.argv, depth + 1);
      return { effects: [...own, ...inner.effects], opaque: inner.opaque };
    }
    case "script":
      return { effects: [...own, ...recognised(wrapped.text), ...judgeScript(wrapped, depth)], opaque: true };
  }
}

const ESCALATING = new Set(["sudo", "doas", "pkexec"]);

/** What the words of a shell text say on their face. It can only add: the text stays opaque. */
function judgeScript(script: Extract<Wrapped, { kind: "script" }>, depth: number): readonly Effect[] {
  if (!script.shell) return [];
  const writes: readonly Effect[] = script.text.includes(">") ? ["state_change"] : [];
  return [...writes, ...commandsOf(script.text).flatMap((argv) => [...judge(argv, depth + 1).effects])];
}

/** A text too long to be recognised may hold anything; it is execution anyway. */
function recognised(text: string): readonly Effect[] {
  return recogniseEffects(text.slice(0, EFFECT_TEXT_MAX));
}
