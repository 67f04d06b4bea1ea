import type { ToolRegistry } from "./tool-registry.ts";

/** Tools that run other programs, change the system or attack accounts and radio; no list allows them (spec kernel.md §11.3). */
export const BLOCKED_TOOLS: ReadonlySet<string> = new Set(
  [
    "bash sh python python3 perl ruby node php lua busybox ssh scp rsync systemctl service journalctl",
    "aircrack-ng aireplay-ng airmon-ng airodump-ng hcxdumptool hcxpcapngtool reaver wash wifite hydra masscan",
  ].flatMap((line) => line.split(" ")),
);

/** What is allowed where a host has neither a registry nor a list. */
export const DEFAULT_TOOLS: readonly string[] = ["curl", "ffuf", "nmap", "gobuster", "nikto", "sqlmap"];

const BLOCKED_CATEGORY = "operator_support";
const BLOCKED_CAPABILITIES = ["operator_shell", "auth_bruteforce", "wireless_assessment"];

export interface AllowListSources {
  readonly registry?: ToolRegistry;
  readonly whitelist?: readonly string[];
}

/**
 * The tools that may be run. A registry decides alone, also when it allows nothing: an empty one is no reason to fall
 * back on the defaults, as it is in the reference (§27 no. 10).
 */
export function executionAllowList({ registry, whitelist }: AllowListSources): readonly string[] {
  const allowed = registry === undefined ? (whitelist ?? DEFAULT_TOOLS) : allowedByRegistry(registry);
  return allowed.filter((tool) => !BLOCKED_TOOLS.has(tool));
}

function allowedByRegistry(registry: ToolRegistry): readonly string[] {
  return [...registry]
    .filter(
      ([, { enabled, execution_allowed: execution, category, capabilities }]) =>
        enabled &&
        execution &&
        category !== BLOCKED_CATEGORY &&
        !capabilities.some((name) => BLOCKED_CAPABILITIES.includes(name)),
    )
    .map(([tool]) => tool);
}
