import type { JsonValue } from "@writ/canon";
import { LIFECYCLE_STATES } from "@writ/kernel";
import type { ActionName, Effect, LifecycleState, Limits, Scope } from "@writ/kernel";

/** What a door asks for; the engine shapes it into a contract and refuses what has no shape. */
export interface ActionRequest {
  /** UUIDv7 in lower case: the retry key. */
  readonly id?: string;
  /** Run the action belongs to, 1 to 128 characters. */
  readonly run?: string;
  readonly action: ActionName;
  /** For `process.exec`. */
  readonly process?: {
    readonly argv: readonly string[];
    readonly cwd: string;
    /** Names of the variables handed on. */
    readonly environment?: readonly string[];
    readonly stdin?: { readonly sha256: string; readonly bytes: number } | null;
  };
  /** For every other action. */
  readonly statement?: {
    readonly text: string;
    readonly tool?: string;
    readonly args?: JsonValue;
    readonly target?: string;
    readonly amount?: string;
    readonly position?: string;
    readonly rationale?: string;
    readonly evidence?: readonly string[];
  };
  readonly effects?: readonly Effect[];
  readonly scope?: Partial<Scope>;
  readonly limits?: Partial<Limits>;
  /** Asks for a live run; without it only dry tickets are issued. */
  readonly live?: boolean;
}

/**
 * `open` and `held` are the beginnings of an action that may still happen; `running` is a spent ticket without
 * receipt; `executed`, `failed`, `rejected`, `expired`, `revoked`, `denied` and `not_evaluated` are final.
 */
export const ACTION_STATES = LIFECYCLE_STATES;
export type ActionState = LifecycleState;

/** The thirteen fields of spec command.md §4. */
export interface GovernanceFields {
  readonly mode: string;
  readonly posture: string;
  readonly role: string;
  readonly reasoning_mode: string;
  readonly reasoning_depth: string;
  readonly response_style: string;
  readonly output_format: string;
  /** 0 to 1. In the log it is decimal text, because entries hold no fractions. */
  readonly narrative_strength: number;
  readonly expertise_level: string;
  readonly interaction_mode: string;
  readonly domain: string;
  readonly communication_pref: string;
  readonly goal: string;
}

/** Any subset; absent fields keep their value. `narrative_strength` may come as decimal text. */
export type GovernancePatch = {
  readonly [Key in keyof GovernanceFields]?: Key extends "narrative_strength" ? number | string : string;
};

/** Any subset of one roster entry (spec command.md §7.2). */
export interface SystemPatch {
  /** The agent's principal id. */
  readonly system_id: string;
  readonly active?: boolean;
  readonly role?: "primary" | "secondary" | "observer" | "none";
  readonly seq?: number | null;
  readonly muted?: boolean;
}
