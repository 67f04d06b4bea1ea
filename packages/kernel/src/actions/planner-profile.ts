/** Which tools a planner sees: each profile holds those before it (spec kernel.md §11.3). */
export const PLANNER_PROFILES = ["core", "extended", "specialized", "lab"] as const;
export type PlannerProfile = (typeof PLANNER_PROFILES)[number];

/** `operator_only` is no planner's: a tool that names it is never seen by one. */
export const TOOL_PROFILES = [...PLANNER_PROFILES, "operator_only"] as const;
export type ToolProfile = (typeof TOOL_PROFILES)[number];

/** The profile and all it holds, the narrowest first. */
export function heldProfiles(profile: PlannerProfile): readonly PlannerProfile[] {
  return PLANNER_PROFILES.slice(0, PLANNER_PROFILES.indexOf(profile) + 1);
}
