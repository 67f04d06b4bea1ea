import type { JsonValue } from "@writ/canon";
import { TARGET_MODES, type TargetMode } from "../command/targets.ts";
import {
  boolean,
  inside,
  list,
  nullable,
  oneOf,
  record,
  refuse,
  text,
  type FieldReader,
  type Place,
} from "../fields.ts";
import { CHAIN_ROLES, type ChainRole } from "./action-types.ts";
import { distinct } from "./distinct.ts";
import { heldProfiles, TOOL_PROFILES, type PlannerProfile, type ToolProfile } from "./planner-profile.ts";
import { profileName, toolName } from "./tool-name.ts";

const LEVELS = ["low", "medium", "high"] as const;
type Level = (typeof LEVELS)[number];

/** What a host says of one tool (spec kernel.md §11.3). */
export interface ToolEntry {
  readonly enabled: boolean;
  readonly execution_allowed: boolean;
  readonly category: string;
  readonly planner_profiles: readonly ToolProfile[];
  readonly risk_level: Level;
  readonly noise_level: Level;
  readonly requires_auth_approval: boolean;
  readonly supports_chain_role: readonly ChainRole[];
  readonly capabilities: readonly string[];
  readonly task_families: readonly string[];
  readonly target_kinds: readonly string[];
  readonly equivalent_tools: readonly string[];
  readonly normalization_mode: string;
  readonly target_validation_mode: TargetMode;
  readonly planner_invocation_mode: "direct_args";
  readonly planner_stdin_args: readonly string[];
  readonly installed: boolean;
  readonly resolved_path: string | null;
}

export type ToolRegistry = ReadonlyMap<string, ToolEntry>;

/** Most tools of one registry, and most items of one list in it. */
const TOOLS_MAX = 512;
const ITEMS_MAX = 64;

/** Tools whose target must be of one kind, whatever their entry says. */
const REQUIRED_MODES: ReadonlyMap<string, TargetMode> = new Map([
  ["curl", "strict_url"],
  ...["amass", "assetfinder", "dig", "dnsx", "gau"].map((tool) => [tool, "strict_host_domain"] as const),
]);

/** Reads a registry, a map from names to entries. Throws `SECURITY_PROFILE_INVALID` with the path to the field. */
export function parseToolRegistry(value: JsonValue): ToolRegistry {
  const at: Place = { code: "SECURITY_PROFILE_INVALID", path: "" };
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse(at, "must be an object");
  const given = Object.entries(value);
  if (given.length > TOOLS_MAX) throw refuse(at, `must have at most ${String(TOOLS_MAX)} tools`);
  return new Map(
    given.map(([name, tool]) => [toolName(name, inside(at, name)), entryOf(name, tool, inside(at, name))]),
  );
}

/** Whether a planner with this profile may choose the tool. */
export function isPlannerVisible(entry: ToolEntry, profile: PlannerProfile): boolean {
  if (!entry.enabled || !entry.installed || entry.planner_profiles.includes("operator_only")) return false;
  return heldProfiles(profile).some((held) => entry.planner_profiles.includes(held));
}

/** How a tool must be told its target; a tool that no registry knows need not be told. */
export function targetModeOf(tool: string, registry: ToolRegistry): TargetMode {
  return REQUIRED_MODES.get(tool) ?? registry.get(tool)?.target_validation_mode ?? "none";
}

function entryOf(name: string, value: JsonValue, at: Place): ToolEntry {
  const entry = readEntry(value, at);
  const required = REQUIRED_MODES.get(name);
  if (required !== undefined && entry.target_validation_mode !== required)
    throw refuse(inside(at, "target_validation_mode"), `must be \`${required}\` for this tool`);
  return entry;
}

const names = distinct(list(profileName, ITEMS_MAX));
const choices = <const T extends readonly string[]>(values: T): FieldReader<readonly T[number][]> =>
  distinct(list(oneOf(values), values.length));

const readEntry = record<ToolEntry>({
  enabled: boolean,
  execution_allowed: boolean,
  category: profileName,
  planner_profiles: choices(TOOL_PROFILES),
  risk_level: oneOf(LEVELS),
  noise_level: oneOf(LEVELS),
  requires_auth_approval: boolean,
  supports_chain_role: choices(CHAIN_ROLES),
  capabilities: names,
  task_families: names,
  target_kinds: names,
  equivalent_tools: distinct(list(toolName, ITEMS_MAX)),
  normalization_mode: profileName,
  target_validation_mode: oneOf(TARGET_MODES),
  planner_invocation_mode: oneOf(["direct_args"]),
  planner_stdin_args: list(text({ min: 1, max: 256 }), ITEMS_MAX),
  installed: boolean,
  resolved_path: nullable(text({ min: 1, max: 4_096, form: /^\//, what: "an absolute path" })),
});
