import type { ExactJson } from "@writ/canon";
import { integerMember, isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { compareCodePoints } from "../compat/code-points.ts";
import { recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** Whether a runtime can do what an operation needs (spec kernel.md §24). */
export interface CapabilityDecision {
  readonly decision_id: string;
  readonly status: "compatible" | "incompatible";
  readonly reason_code: string;
  readonly requirements_digest: string;
  readonly inventory_digest: string;
  readonly inventory_epoch: number;
  readonly runtime_instance_id: string;
  readonly missing_capabilities: readonly string[];
  readonly schema_version: "v1";
}

/** Reads what an operation requires; its list is kept sorted. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseCapabilityRequirements(value: ExactJson): ExactRecord {
  const record = recordOf(value, "invalid_operation_capability_requirements");
  refuseOthers(record, REQUIREMENT_FIELDS, "unknown_operation_capability_requirements_field");
  const capabilities = distinctTexts(record, "required_capabilities", "invalid_required_capabilities");
  if (capabilities.length === 0) throw recordRefusal("operation_capability_requirements_empty");
  const parsed = {
    schema_version: versionOf(record, "operation_capability_requirements"),
    requirements_id: requiredText(record, "requirements_id", "missing_capability_requirements_id"),
    operation_id: requiredText(record, "operation_id", "missing_capability_requirements_operation_id"),
    step_id: requiredText(record, "step_id", "missing_capability_requirements_step_id"),
    execution_spec_digest: requiredText(
      record,
      "execution_spec_digest",
      "missing_capability_requirements_execution_spec_digest",
    ),
    required_backend_class: requiredText(record, "required_backend_class", "missing_required_backend_class"),
    side_effect_class: requiredText(record, "side_effect_class", "missing_capability_side_effect_class"),
    required_capabilities: capabilities,
  };
  if (!/^sha256:[0-9a-f]{64}$/.test(parsed.execution_spec_digest))
    throw recordRefusal("invalid_capability_requirements_execution_spec_digest");
  if (!SIDE_EFFECTS.has(parsed.side_effect_class)) throw recordRefusal("unsupported_capability_side_effect_class");
  return parsed;
}

/** Reads what a runtime attests; its lists are kept sorted. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseCapabilityInventory(value: ExactJson): ExactRecord {
  const record = recordOf(value, "invalid_capability_inventory");
  if (SELF_ATTESTED.some((key) => member(record, key) !== undefined))
    throw recordRefusal("self_attested_capability_support");
  refuseOthers(record, INVENTORY_FIELDS, "unknown_capability_inventory_field");
  const text = (key: string, code = key): string => requiredText(record, key, `missing_capability_inventory_${code}`);
  const list = (key: string): readonly string[] => distinctTexts(record, key, `invalid_capability_inventory_${key}`);
  const epoch = integerMember(record, "inventory_epoch") ?? -1;
  const parsed = {
    schema_version: versionOf(record, "capability_inventory"),
    inventory_id: text("inventory_id", "id"),
    runtime_instance_id: text("runtime_instance_id"),
    runtime_version: text("runtime_version"),
    inventory_epoch: epoch,
    source_ref: text("source_ref"),
    attestation_ref: text("attestation_ref"),
    backend_classes: list("backend_classes"),
    side_effect_classes: list("side_effect_classes"),
    capabilities: list("capabilities"),
  };
  if (epoch < 0) throw recordRefusal("invalid_capability_inventory_epoch");
  if ([parsed.backend_classes, parsed.side_effect_classes, parsed.capabilities].some(({ length }) => length === 0))
    throw recordRefusal("capability_inventory_empty");
  if (!parsed.side_effect_classes.every((name) => SIDE_EFFECTS.has(name)))
    throw recordRefusal("unsupported_inventory_side_effect_class");
  return parsed;
}

/** Compares parsed requirements with a parsed inventory; the first rule that fails gives the reason. */
export function decideCapability(requirements: ExactRecord, inventory: ExactRecord): CapabilityDecision {
  const has = (key: string, name: string): boolean => listOf(inventory, key).includes(name);
  const missing = listOf(requirements, "required_capabilities").filter((name) => !has("capabilities", name));
  const reason = reasonOf(requirements, has, missing);
  const recordType = "govengine.capabilities.";
  const wanted = kernelRecordDigest({
    recordType: `${recordType}OperationCapabilityRequirements`,
    record: requirements,
  });
  const offered = kernelRecordDigest({ recordType: `${recordType}CapabilityInventoryBinding`, record: inventory });
  return {
    decision_id: `capability:${wanted.slice(7, 23)}:${offered.slice(7, 23)}`,
    status: reason === "capabilities_compatible" ? "compatible" : "incompatible",
    reason_code: reason,
    requirements_digest: wanted,
    inventory_digest: offered,
    inventory_epoch: integerMember(inventory, "inventory_epoch") ?? 0,
    runtime_instance_id: textField(inventory, "runtime_instance_id"),
    missing_capabilities: missing,
    schema_version: "v1",
  };
}

export function capabilityDecisionDigest(decision: CapabilityDecision): string {
  const recordType = "govengine.capabilities.CapabilityCompatibilityDecision";
  return kernelRecordDigest({ recordType, record: { ...decision } });
}

function reasonOf(
  requirements: ExactRecord,
  has: (key: string, name: string) => boolean,
  missing: readonly string[],
): string {
  if (!has("backend_classes", textField(requirements, "required_backend_class")))
    return "required_backend_class_missing";
  if (!has("side_effect_classes", textField(requirements, "side_effect_class")))
    return "side_effect_class_not_supported";
  return missing.length > 0 ? "required_capabilities_missing" : "capabilities_compatible";
}

const LIST_MAX = 1_000;
const SIDE_EFFECTS: ReadonlySet<string> = new Set(["read_only", "mutation"]);
const SELF_ATTESTED = ["backend_supported", "plugin_registered", "registered_plugin_backend"];
const REQUIREMENT_FIELDS =
  "schema_version requirements_id operation_id step_id execution_spec_digest required_backend_class side_effect_class required_capabilities";
const INVENTORY_FIELDS =
  "schema_version inventory_id runtime_instance_id runtime_version inventory_epoch source_ref attestation_ref backend_classes side_effect_classes capabilities";

function refuseOthers(record: ExactRecord, fields: string, reason: string): void {
  const known = fields.split(" ");
  if (Object.keys(record).some((key) => !known.includes(key))) throw recordRefusal(reason);
}

function versionOf(record: ExactRecord, name: string): string {
  const version = textField(record, "schema_version", "v1");
  if (version !== "v1") throw recordRefusal(`unknown_${name}_schema_version`);
  return version;
}

function distinctTexts(record: ExactRecord, key: string, reason: string): readonly string[] {
  const found = member(record, key);
  if (!isExactList(found) || found.length > LIST_MAX) throw recordRefusal(reason);
  const texts = found.map((item) => {
    if (typeof item !== "string" || item.trim() === "") throw recordRefusal(reason);
    return item.trim();
  });
  if (new Set(texts).size !== texts.length) throw recordRefusal(reason);
  return texts.toSorted(compareCodePoints);
}

function listOf(record: ExactRecord, key: string): readonly string[] {
  const found = member(record, key);
  return isExactList(found) ? found.filter((item) => typeof item === "string") : [];
}
