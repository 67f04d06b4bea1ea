import { compareCodeUnits } from "@writ/canon";
import type { ActionType } from "./action-types.ts";
import { actionTools, CAPABILITY_TOOLS, type Capability } from "./capability-tools.ts";
import type { PlannerProfile } from "./planner-profile.ts";
import { isPlannerVisible, type ToolRegistry } from "./tool-registry.ts";

export const TOOL_SOURCES = ["explicit_tool", "preferred_tool", "capability_recipe", "unresolved"] as const;
export type ToolSource = (typeof TOOL_SOURCES)[number];

export interface ToolAsked {
  readonly tool: string;
  readonly preferredTool: string;
  readonly candidates: readonly string[];
  readonly actionType: ActionType;
  readonly capability: Capability;
}

export interface ToolChoice {
  /** Empty when `source` is `unresolved`. */
  readonly tool: string;
  readonly source: ToolSource;
}

/** The first tool, in the order of spec kernel.md §11.5, that a planner with this profile sees. */
export function resolveTool(asked: ToolAsked, registry: ToolRegistry, profile: PlannerProfile): ToolChoice {
  const visible = (tool: string): boolean => {
    const entry = registry.get(tool);
    return entry !== undefined && isPlannerVisible(entry, profile);
  };
  if (visible(asked.tool)) return { tool: asked.tool, source: "explicit_tool" };
  if (visible(asked.preferredTool)) return { tool: asked.preferredTool, source: "preferred_tool" };
  const tool = [
    ...asked.candidates,
    ...actionTools(asked.actionType, asked.capability),
    ...CAPABILITY_TOOLS[asked.capability],
    ...coverage(asked.capability, registry),
  ].find(visible);
  return tool === undefined ? { tool: "", source: "unresolved" } : { tool, source: "capability_recipe" };
}

/** Tools that say themselves that they have the capability, in the order of their names. */
function coverage(capability: Capability, registry: ToolRegistry): readonly string[] {
  return [...registry]
    .filter(([, { capabilities }]) => capabilities.includes(capability))
    .map(([tool]) => tool)
    .toSorted(compareCodeUnits);
}
