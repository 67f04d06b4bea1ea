/**
 * The words governance is set in: effects, modes, postures, roles and the thirteen fields, as data
 * (spec command.md §4–§7, §21.1). The same closed lists stand in the Cedar schema's comments and in `kernel`.
 */

/** What an action may do, as far as rules care. The order is the order of the specification. */
export const EFFECTS = [
  "transaction",
  "execution",
  "destructive",
  "outbound",
  "external_access",
  "sensitive_data",
  "speculation",
  "state_change",
  "privilege_escalation",
] as const;
export type Effect = (typeof EFFECTS)[number];

/** The effects that change something; reading, reaching out and guessing alone do not (§21.1). */
export const STATE_CHANGING: readonly Effect[] = [
  "transaction",
  "execution",
  "destructive",
  "outbound",
  "state_change",
  "privilege_escalation",
];

/**
 * What each action does by its nature, before tool, command and text are looked at. `governance.set` has none
 * so that SCOUT can be left again; who may do it is policy `GV-1`.
 */
export const ACTION_EFFECTS = {
  "file.read": [],
  "file.write": ["state_change"],
  "process.exec": [],
  "net.connect": ["external_access"],
  "mcp.call": [],
  "message.send": [],
  "vault.load": [],
  "governance.set": [],
  "run.open": [],
  "run.apply": ["state_change"],
  act: [],
} as const satisfies { readonly [action: string]: readonly Effect[] };
export type PolicyAction = keyof typeof ACTION_EFFECTS;

export const MODES = [
  "High Security",
  "High Integrity",
  "Creative",
  "Research",
  "Problem Solving",
  "Self Growth",
  "I Don't Know What To Do",
  "None (Unrestricted)",
] as const;
export type Mode = (typeof MODES)[number];

export const POSTURES = ["SCOUT", "DEFENSE", "OFFENSE"] as const;
export type Posture = (typeof POSTURES)[number];

export const ROLES = ["Primary", "Secondary", "Observer"] as const;
export type Role = (typeof ROLES)[number];

/** Priority and further spellings of each mode; the canonical name in any case is always accepted. */
export const MODE_TABLE: {
  readonly [mode in Mode]: { readonly priority: string; readonly aliases: readonly string[] };
} = {
  "High Security": { priority: "security_first", aliases: ["high-security", "high_security"] },
  "High Integrity": { priority: "accuracy_first", aliases: ["high-integrity", "high_integrity"] },
  Creative: { priority: "exploration_first", aliases: [] },
  Research: { priority: "depth_first", aliases: [] },
  "Problem Solving": { priority: "systematic_first", aliases: ["problem-solving", "problem_solving"] },
  "Self Growth": { priority: "learning_first", aliases: ["self-growth", "self_growth"] },
  "I Don't Know What To Do": { priority: "guided_discovery", aliases: ["idk", "i-dont-know"] },
  "None (Unrestricted)": { priority: "unrestricted", aliases: ["none", "unrestricted"] },
};

/** The canonical mode for `text`: trimmed, runs of white space as one, any case, aliases. Unknown: `undefined`. */
export function resolveMode(text: string): Mode | undefined {
  const exact = MODES.find((mode) => mode === text);
  if (exact !== undefined) return exact;
  const wanted = normalise(text);
  return MODES.find((mode) => mode.toLowerCase() === wanted || MODE_TABLE[mode].aliases.includes(wanted));
}

/** The canonical posture for `text`, any case, trimmed. Unknown: `undefined`. */
export function resolvePosture(text: string): Posture | undefined {
  const exact = POSTURES.find((posture) => posture === text);
  if (exact !== undefined) return exact;
  const wanted = normalise(text);
  return POSTURES.find((posture) => posture.toLowerCase() === wanted);
}

/** The canonical role for `text`, any case, trimmed. Unknown, and `none`: `undefined`. */
export function resolveRole(text: string): Role | undefined {
  const wanted = normalise(text);
  return ROLES.find((role) => role.toLowerCase() === wanted);
}

/** A longer text is no name; it also bounds the work of normalising. */
const NAME_LENGTH_MAX = 200;

function normalise(text: string): string {
  if (text.length > NAME_LENGTH_MAX) return "";
  return text.normalize("NFKC").replaceAll("\u2019", "'").trim().replaceAll(/\s+/gu, " ").toLowerCase();
}

/** One of the thirteen settings. `vocabulary` absent: free text, or a number between `minimum` and `maximum`. */
export type GovernanceField =
  | {
      readonly name: string;
      readonly type: "text";
      readonly default: string;
      readonly vocabulary: readonly string[] | null;
    }
  | {
      readonly name: string;
      readonly type: "number";
      readonly default: number;
      readonly minimum: number;
      readonly maximum: number;
    };

/** All thirteen fields in the order they have everywhere (§4). */
export const GOVERNANCE_FIELDS = [
  text("mode", "None (Unrestricted)", MODES),
  text("posture", "SCOUT", POSTURES),
  text("role", "Primary", ROLES),
  text("reasoning_mode", "Deductive", ["Deductive", "Inductive", "Abductive", "Analogical", "Critical"]),
  text("reasoning_depth", "MODERATE", ["SHALLOW", "MODERATE", "DEEP"]),
  text("response_style", "Direct", [
    "Direct",
    "Socratic",
    "Storytelling",
    "Visual",
    "Suggestive",
    "Empirically Driven",
  ]),
  text("output_format", "Conversational", [
    "Conversational",
    "Document",
    "Markdown",
    "Code",
    "Chart / Visualization",
    "Spreadsheet",
  ]),
  { name: "narrative_strength", type: "number", default: 0.5, minimum: 0, maximum: 1 },
  text("expertise_level", "Expert", ["Novice", "Moderate", "Expert"]),
  text("interaction_mode", "Executing", ["Fleshing Out", "Walking Through", "Executing"]),
  text("domain", "General", null),
  text("communication_pref", "Concise", ["Concise", "Explanatory", "Visual", "Narrative"]),
  text("goal", "Tactical Execution", null),
] as const satisfies readonly GovernanceField[];

function text<const Name extends string>(name: Name, fallback: string, vocabulary: readonly string[] | null) {
  return { name, type: "text", default: fallback, vocabulary } as const;
}
