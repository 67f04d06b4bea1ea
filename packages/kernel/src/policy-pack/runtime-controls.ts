import { type ExactJson, JsonFraction } from "@writ/canon";
import { compareCodePoints } from "../compat/code-points.ts";
import { isExactList, isExactRecord, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import type { PolicyVerdict } from "./evaluate.ts";

/** What a runtime must keep to (spec kernel.md §22.4). 0 stands for no limit; lists are sorted sets. */
export interface RuntimeControls {
  readonly timeout_seconds: JsonFraction;
  readonly max_steps: number;
  readonly max_output_bytes: number;
  readonly receipt_required: boolean;
  readonly output_digest_required: boolean;
  readonly read_only_required: boolean;
  readonly no_raw_shell: boolean;
  readonly mutation_requires_approval: boolean;
  readonly allowed_network_egress: readonly string[];
  readonly allowed_backend_classes: readonly string[];
  readonly typed_execution_control_ids: readonly string[];
  readonly control_ids: readonly string[];
}

/** Controls of a verdict that obliges to nothing; a receipt is always due. */
export const DEFAULT_CONTROLS: RuntimeControls = {
  timeout_seconds: new JsonFraction("0.0"),
  max_steps: 0,
  max_output_bytes: 0,
  receipt_required: true,
  output_digest_required: false,
  read_only_required: false,
  no_raw_shell: false,
  mutation_requires_approval: false,
  allowed_network_egress: [],
  allowed_backend_classes: [],
  typed_execution_control_ids: [],
  control_ids: [],
};

export type ControlProjection =
  | { readonly ok: true; readonly controls: RuntimeControls }
  | { readonly ok: false; readonly reason: string };

/**
 * What the obligations and constraints of a verdict ask of a runtime. Several limits of one kind: the smallest; several
 * allow-lists: their union. A kind nobody enforces refuses the whole.
 */
export function projectControls({ obligations, constraints }: PolicyVerdict): ControlProjection {
  let controls = DEFAULT_CONTROLS;
  for (const [item, key, apply] of [
    ...obligations.map((one) => [one, "obligation", obliged] as const),
    ...constraints.map((one) => [one, "constraint", constrained] as const),
  ]) {
    const kind = textIn(item, "kind");
    const next = apply(controls, kind, memberOrNull(item, "value"));
    if (next === undefined) return { ok: false, reason: `unsupported_policy_${key}:${kind}` };
    if (next === "invalid") return { ok: false, reason: `invalid_policy_${key}:${kind}` };
    controls = { ...next, control_ids: united(next.control_ids, [textIn(item, `${key}_id`)]) };
  }
  return { ok: true, controls };
}

type Applied = RuntimeControls | "invalid" | undefined;

/** The flags a control may set, and the name the typed-execution layer knows each by. */
const FLAGS = {
  receipt_required: "receipt_required",
  output_digest_required: "output_digest_required",
  read_only_required: "read_only_posture",
  no_raw_shell: "no_raw_shell",
  mutation_requires_approval: "mutation_requires_approval",
} as const;

type Flag = keyof typeof FLAGS;

function obliged(controls: RuntimeControls, kind: string): Applied {
  if (kind === "receipt" || kind === "receipt_required") return flagged(controls, "receipt_required");
  return kind === "output_digest_required" ? flagged(controls, kind) : undefined;
}

function constrained(controls: RuntimeControls, kind: string, value: ExactJson): Applied {
  if (kind === "timeout") return timed(controls, value);
  if (kind === "max_steps") return limited(controls, "max_steps", value);
  if (kind === "output_limit") return limited(controls, "max_output_bytes", value);
  if (kind === "allowed_network_egress") return allowed(controls, kind, value, "network_boundary_match");
  if (kind === "allowed_backend_classes") return allowed(controls, kind, value, "backend_class_supported");
  if (kind === "output_digest_required" && value === false) return controls;
  if (!Object.hasOwn(FLAGS, kind)) return undefined;
  return value === true ? flagged(controls, kind as Flag) : "invalid";
}

function flagged(controls: RuntimeControls, flag: Flag): RuntimeControls {
  return { ...controls, [flag]: true, ...typed(controls, FLAGS[flag]) };
}

function timed(controls: RuntimeControls, value: ExactJson): Applied {
  const seconds = value instanceof JsonFraction ? value.value : value;
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds <= 0) return "invalid";
  const known = controls.timeout_seconds.value;
  if (known > 0 && known <= seconds) return controls;
  const text = Number.isInteger(seconds) ? `${String(seconds)}.0` : String(seconds);
  return { ...controls, timeout_seconds: new JsonFraction(text) };
}

function limited(controls: RuntimeControls, key: "max_steps" | "max_output_bytes", value: ExactJson): Applied {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value <= 0) return "invalid";
  return { ...controls, [key]: controls[key] > 0 ? Math.min(controls[key], value) : value };
}

function allowed(
  controls: RuntimeControls,
  key: "allowed_network_egress" | "allowed_backend_classes",
  value: ExactJson,
  typedId: string,
): Applied {
  const list = typeof value === "string" ? [value] : value;
  if (!isExactList(list) || list.length === 0) return "invalid";
  const names = list.map((item) => (typeof item === "string" ? item.trim() : ""));
  if (names.includes("")) return "invalid";
  return { ...controls, [key]: united(controls[key], names), ...typed(controls, typedId) };
}

function typed(controls: RuntimeControls, id: string): Pick<RuntimeControls, "typed_execution_control_ids"> {
  return { typed_execution_control_ids: united(controls.typed_execution_control_ids, [id]) };
}

function united(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])].toSorted(compareCodePoints);
}

function textIn(record: ExactRecord, key: string): string {
  const found = isExactRecord(record) ? member(record, key) : undefined;
  if (typeof found !== "string") throw recordRefusal("invalid_policy_verdict_control", 12);
  return found;
}
