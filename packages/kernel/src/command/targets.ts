import { hasSpace, stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { isHostInScope, type ScopeDomains } from "../domain-scope/domains.ts";
import { isInTargetScope } from "../domain-scope/target-scope.ts";
import { directHost, extractHosts, headerHosts, inputLines, nestedUrlHosts } from "../domain-scope/hosts.ts";

export const TARGET_MODES = ["none", "strict_url", "strict_host_domain"] as const;

/** How a tool must be told its target. */
export type TargetMode = (typeof TARGET_MODES)[number];

/** What the words of a command name, in order and each once, whatever its case. */
export interface TargetObservations {
  readonly urls: readonly string[];
  readonly hosts: readonly string[];
  readonly files: readonly string[];
}

/** Sorts the words after the tool, and the lines of standard input (spec kernel.md §13.2). */
export function observeTargets(args: readonly string[], stdin = ""): TargetObservations {
  const found = {
    urls: new Map<string, string>(),
    hosts: new Map<string, string>(),
    files: new Map<string, string>(),
  };
  for (const word of [...args, ...inputLines(stdin)].map(stripSpace)) {
    if (word === "" || word.startsWith("-")) continue;
    const lower = word.toLowerCase();
    if (/^https?:\/\//.test(lower)) addOnce(found.urls, lower, word);
    else if (lower.startsWith("file://")) addOnce(found.files, lower, word);
    else if (!hasSpace(word) && !/[/\\]/.test(word)) {
      const host = directHost(word) || lower;
      if (host.includes(".")) addOnce(found.hosts, host, host);
    }
  }
  return { urls: [...found.urls.values()], hosts: [...found.hosts.values()], files: [...found.files.values()] };
}

/** The first spelling stays. */
function addOnce(found: Map<string, string>, key: string, spelled: string): void {
  if (!found.has(key)) found.set(key, spelled);
}

/** Refuses a command whose target is not of the kind its tool needs (spec kernel.md §13.3). Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkTargetKind(tool: string, mode: TargetMode, { urls, hosts, files }: TargetObservations): void {
  if (mode === "strict_url") {
    if (urls.length > 0 || (files.length > 0 && hosts.length === 0)) return;
    // A file excuses every other word to the reference, a host among them.
    throw recordRefusal(`missing_target_kind:${tool}:url`, files.length > 0 ? 14 : undefined);
  } else if (mode === "strict_host_domain") {
    if (urls.length > 0) throw recordRefusal(`invalid_target_kind:${tool}:url`);
    if (hosts.length === 0) throw recordRefusal(`missing_target_kind:${tool}:host_or_domain`);
  }
}

export interface ScopedCommand {
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly mode: TargetMode;
  /** Without domains nothing is in scope and the command is refused. */
  readonly domains: ScopeDomains | undefined;
  /** Networks whose addresses are in scope; without them an address is a name like any other. */
  readonly networks?: readonly string[];
}

/** Refuses a command that names a host out of scope (spec kernel.md §13.4). Throws `GOVERNANCE_RECORD_INVALID`. */
export function enforceScope({ argv, stdin, mode, domains, networks }: ScopedCommand): void {
  const [tool = "", ...args] = argv;
  checkTargetKind(stripSpace(tool).toLowerCase(), mode, observeTargets(args, stdin));
  if (domains === undefined) throw recordRefusal("missing_scope_policy");
  const outside = (host: string): boolean =>
    networks === undefined ? !isHostInScope(host, domains) : !isInTargetScope(host, { domains, networks });
  const words = [...args, ...inputLines(stdin)];
  for (const host of words.flatMap(extractHosts)) if (outside(host)) throw recordRefusal(`out_of_scope_target:${host}`);
  // A target inside another URL's query is reached by redirecting servers, and by tools that follow it.
  for (const host of words.flatMap(nestedUrlHosts))
    if (outside(host)) throw recordRefusal(`nested_out_of_scope_target:${host}`, 14);
  for (const host of words.flatMap(headerHosts))
    if (outside(host)) throw recordRefusal(`header_out_of_scope_target:${host}`, 14);
}
