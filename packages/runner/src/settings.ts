import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { isWithin } from "@writ/kernel";
import { usualRegistry } from "./claim-registry.ts";
import type { RunnerOptions } from "./execution.ts";
import type { Patience } from "./folder-claim.ts";

/** The options with their defaults, and every path in the spelling that the kernel of the machine uses. */
export interface Settings {
  readonly hidden: readonly string[];
  readonly home: string;
  readonly path: readonly string[];
  readonly now: () => number;
  readonly environmentNames: readonly string[];
  readonly observe: boolean;
  readonly patience: Patience;
}

/** As long as somebody watches gladly, and a third of what an intent leaves for its receipt. */
const WAIT_MS = 10_000;

/** What holds secrets under a home by convention; named so that attempts on them are always told. */
const SECRETS = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".docker",
  ".password-store",
  ".local/share/keyrings",
  ".netrc",
  ".npmrc",
  ".pypirc",
  ".git-credentials",
  ".cargo/credentials.toml",
  ".claude",
  ".codex",
  ".mozilla",
  ".config/gcloud",
  ".config/gh",
  ".config/git/credentials",
  ".config/google-chrome",
];

const SYSTEM_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

export function settingsFrom(options: RunnerOptions): Settings {
  const home = realSpelling(options.home ?? homedir());
  const agent = process.env["SSH_AUTH_SOCK"];
  const secrets = [...SECRETS.map((folder) => `${home}/${folder}`), ...(agent?.startsWith("/") ? [agent] : [])];
  const registry = options.registry ?? usualRegistry();
  const hidden = [...options.hidden, ...secrets, registry];
  const nodeFolder = dirname(process.execPath);
  return {
    hidden: outermost(hidden.map(realSpelling)),
    home,
    path: options.path ?? (SYSTEM_PATH.includes(nodeFolder) ? SYSTEM_PATH : [nodeFolder, ...SYSTEM_PATH]),
    now: options.clock ?? Date.now,
    environmentNames: options.environmentNames ?? Object.keys(process.env),
    observe: options.observe ?? true,
    patience: { registry, waitMs: options.waitMs ?? WAIT_MS, onWait: options.onWait ?? (() => undefined) },
  };
}

/** A hidden folder covers what lies in it. */
function outermost(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].filter((path) => !paths.some((other) => other !== path && isWithin(other, path)));
}

/** The path with the links of its existing part resolved; the part that does not exist yet is kept. */
export function realSpelling(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute
      ? absolute
      : resolve(realSpelling(parent), absolute.slice(parent.length).replace(/^\//, ""));
  }
}
