import type { Effect } from "./governance-vocabulary.ts";
import { hasOption, operandsOf } from "./tools-options.ts";

const WRITES: readonly Effect[] = ["state_change"];
const LOSES: readonly Effect[] = ["destructive", "state_change"];
const REACHES: readonly Effect[] = ["external_access", "state_change"];
/** What an alias, an extension or an unknown option may do. */
const ANYTHING: readonly Effect[] = ["execution", "state_change"];

/** Global options that cannot make git run or write something else. */
const HARMLESS_GLOBALS = new Set([
  "-C",
  "--no-pager",
  "-P",
  "--no-optional-locks",
  "--literal-pathspecs",
  "--no-replace-objects",
]);

/** Global options that may take the next argument as their value (git.1, "OPTIONS"). */
const VALUE_GLOBALS = new Set(["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env", "--attr-source"]);

/** Options that make a reading command write a file or start a program. */
const ESCAPES = [
  "--output",
  "-o",
  "--ext-diff",
  "--exec",
  "--upload-pack",
  "--open-files-in-pager",
  "-O",
  "--filters",
  "--textconv",
];

const READING = new Set(
  "status log diff show rev-parse ls-files ls-tree blame describe shortlog rev-list cat-file merge-base name-rev diff-tree diff-index for-each-ref show-ref show-branch grep whatchanged count-objects check-ignore version".split(
    " ",
  ),
);

const EFFECTS_OF: { readonly [subcommand: string]: readonly Effect[] } = {
  ...each(
    "commit add merge rebase cherry-pick revert checkout switch restore mv init apply am notes worktree config gc",
    WRITES,
  ),
  ...each("bundle format-patch archive update-index sparse-checkout symbolic-ref update-ref commit-tree", WRITES),
  ...each("rm clean prune filter-branch filter-repo replace", LOSES),
  ...each("fetch pull clone submodule lfs", REACHES),
  "ls-remote": ["external_access"],
  push: ["external_access", "outbound", "state_change"],
  "send-email": ["external_access", "outbound"],
};

/** What `git` with these arguments does. Unknown subcommands may be aliases, so they are execution. */
export function gitEffects(args: readonly string[]): readonly Effect[] {
  const { name, rest, plain } = subcommandOf(args);
  const effects = subcommandEffects(name, rest);
  return plain ? effects : [...ANYTHING, ...effects];
}

function subcommandEffects(name: string, rest: readonly string[]): readonly Effect[] {
  if (name === "--version" || name === "--help") return [];
  if (READING.has(name)) return hasOption(rest, ESCAPES) ? ANYTHING : [];
  const listed = listingEffects(name, rest);
  if (listed !== undefined) return listed;
  const base = Object.hasOwn(EFFECTS_OF, name) ? (EFFECTS_OF[name] ?? ANYTHING) : ANYTHING;
  return [...base, ...optionEffects(name, rest)];
}

interface GitCall {
  readonly name: string;
  readonly rest: readonly string[];
  /** No option before the subcommand can make git run or write something else. */
  readonly plain: boolean;
}

function subcommandOf(args: readonly string[]): GitCall {
  let plain = true;
  let at = 0;
  while (at < args.length) {
    const arg = args[at] ?? "";
    if (!arg.startsWith("-") || arg === "--version" || arg === "--help")
      return { name: arg, rest: args.slice(at + 1), plain };
    plain &&= HARMLESS_GLOBALS.has(arg);
    at += VALUE_GLOBALS.has(arg) ? 2 : 1;
  }
  return { name: "--help", rest: [], plain };
}

/** Subcommands that list when asked nicely and change something otherwise. */
function listingEffects(name: string, rest: readonly string[]): readonly Effect[] | undefined {
  const operands = operandsOf(rest);
  const [first] = operands;
  switch (name) {
    case "branch":
    case "tag":
      if (hasOption(rest, ["-d", "-D", "--delete"])) return LOSES;
      return isListing(rest) ? [] : WRITES;
    case "stash":
      if (first === "list" || first === "show") return hasOption(rest, ESCAPES) ? ANYTHING : [];
      return first === "drop" || first === "clear" ? LOSES : WRITES;
    case "remote":
      if (first === undefined || first === "get-url") return [];
      if (first === "update" || first === "prune") return REACHES;
      return first === "show" ? ["external_access"] : WRITES;
    case "reset":
      return hasOption(rest, ["--hard", "--merge", "--keep"]) ? LOSES : WRITES;
    case "reflog":
      return first === "expire" || first === "delete" ? LOSES : [];
    case "config":
      return rest.length > 0 && ["--get", "--get-all", "--list", "-l"].includes(rest[0] ?? "") ? [] : WRITES;
    default:
      return undefined;
  }
}

const LISTING =
  /^(?:-[arvl]+|--all|--remotes|--verbose|--show-current|--list|--contains|--merged|--no-merged|--(?:sort|format|contains|merged|no-merged|points-at|column|color)=.*|--no-color|--no-column|-n\d*)$/u;
const LISTING_WITH_OPERANDS = /^(?:-[arv]*l[arv]*|--list|--contains|--merged|--no-merged)$/u;

function isListing(rest: readonly string[]): boolean {
  const options = rest.filter((arg) => arg.startsWith("-"));
  if (!options.every((option) => LISTING.test(option))) return false;
  return options.length === rest.length || options.some((option) => LISTING_WITH_OPERANDS.test(option));
}

function optionEffects(name: string, rest: readonly string[]): readonly Effect[] {
  const more: Effect[] = [];
  if (hasOption(rest, ["--no-verify"])) more.push("privilege_escalation");
  if (name === "rebase" && hasOption(rest, ["-x", "--exec"])) more.push("execution");
  if (["fetch", "pull", "clone", "push", "ls-remote"].includes(name) && hasOption(rest, REMOTE_PROGRAMS))
    more.push("execution");
  if (name === "push" && (hasOption(rest, PUSH_FORCES) || operandsOf(rest).some((ref) => /^[:+]/u.test(ref))))
    more.push("destructive");
  if (discardsChanges(name, rest)) more.push("destructive");
  if (name === "worktree" && operandsOf(rest)[0] === "remove") more.push("destructive");
  return more;
}

/** Whether changes that no commit holds are thrown away: `checkout .`, `checkout -- a`, `restore a`. */
function discardsChanges(name: string, rest: readonly string[]): boolean {
  if (name === "restore") return !hasOption(rest, ["-S", "--staged"]) || hasOption(rest, ["-W", "--worktree"]);
  if (name !== "checkout" && name !== "switch") return false;
  const forced = hasOption(rest, ["-f", "--force", "--discard-changes"]);
  return forced || (name === "checkout" && (rest.includes("--") || rest.includes(".")));
}

const PUSH_FORCES = ["-f", "--force", "--force-with-lease", "--delete", "-d", "--mirror", "--prune"];
const REMOTE_PROGRAMS = ["--upload-pack", "--receive-pack", "--exec", "-c", "--config"];

function each(names: string, effects: readonly Effect[]): { readonly [name: string]: readonly Effect[] } {
  return Object.fromEntries(names.split(" ").map((name) => [name, effects]));
}
