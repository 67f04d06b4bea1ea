/** How an action is done, as its contract says it (spec kernel.md §11.1). */
export const EXPERIMENT_SHAPES = [
  "single_step",
  "fingerprint",
  "enumeration",
  "differential",
  "variant",
  "state_transition",
  "bounded_chain",
] as const;
export type ExperimentShape = (typeof EXPERIMENT_SHAPES)[number];

export const CHAIN_ROLES = [
  "enumerate",
  "fetch",
  "probe",
  "validate",
  "scan",
  "observe",
  "capture",
  "analyze",
  "fingerprint",
] as const;
export type ChainRole = (typeof CHAIN_ROLES)[number];

export const TARGET_CARDINALITIES = ["single", "bounded"] as const;

/** The kinds of action, and what each stands for when nothing else is said. */
export const ACTION_TYPES = {
  single_probe: { capability: "http_probe", shape: "single_step" },
  fingerprint_probe: { capability: "http_fingerprint", shape: "fingerprint" },
  enumeration_probe: { capability: "content_discovery", shape: "enumeration" },
  differential_probe: { capability: "http_probe", shape: "differential" },
  confirmatory_probe: { capability: "http_probe", shape: "single_step" },
  variant_probe: { capability: "http_probe", shape: "variant" },
  state_transition_probe: { capability: "http_probe", shape: "state_transition" },
} as const satisfies Readonly<Record<string, { readonly capability: string; readonly shape: ExperimentShape }>>;
export type ActionType = keyof typeof ACTION_TYPES;

export function isActionType(text: string): text is ActionType {
  return Object.hasOwn(ACTION_TYPES, text);
}

/** Bounds of an action; standard input in code points and lines. */
export const ACTION_LIMITS = {
  chain: 2,
  candidates: 4,
  sequence: 4,
  variants: 6,
  differential: 4,
  enumeration: 3,
  argsPerStep: 32,
  stdinCharacters: 4_096,
  stdinLines: 32,
} as const;
