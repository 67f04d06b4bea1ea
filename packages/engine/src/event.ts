import type { ActionView, EntryPointer, GovernanceView } from "./documents.ts";

export const ACTION_EVENTS = [
  "action_proposed",
  "action_held",
  "action_released",
  "action_rejected",
  "action_expired",
  "action_denied",
  "action_revoked",
  "action_executed",
  "action_failed",
] as const;
export type ActionEventType = (typeof ACTION_EVENTS)[number];

/**
 * What happened, told after its commit and from the log, so that every process sees the same. `index` is the
 * entry behind it. Listeners must show an event only to callers of its tenant.
 */
export type EngineEvent =
  | { readonly type: ActionEventType; readonly tenant: string; readonly index: number; readonly payload: ActionView }
  | {
      readonly type: "governance_updated";
      readonly tenant: string;
      readonly index: number;
      readonly payload: GovernanceView;
    }
  | {
      readonly type: "entry";
      readonly tenant: string;
      readonly index: number;
      readonly payload: EntryPointer & { readonly run: string | null; readonly at: string };
    };
