import type { ExactJson } from "@writ/canon";
import { integerMember, isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { closedRecord, digestOf, distinctTexts, epochOf, textOf, versionOf } from "../governance/v1-record.ts";

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
  const record = closedRecord(value, REQUIREMENT_FIELDS, {
    invalid: "invalid_operation_capability_requirements",
    unknown: "unknown_operation_capability_requirements_field",
  });
  const required_capabilities = distinctTexts(record, "required_capabilities", "invalid_required_capabilities");
  if (required_capabilities.length === 0) throw recordRefusal("operation_capability_requirements_empty");
  const spec = "capability_requirements_execution_spec_digest";
  const parsed = {
    requirements_id: textOf(record, "requirements_id", "missing_capability_requirements_id"),
    operation_id: textOf(record, "operation_id", "missing_capability_requirements_operation_id"),
    step_id: textOf(record, "step_id", "missing_capability_requirements_step_id"),
    execution_spec_digest: digestOf(record, "execution_spec_digest", spec),
    required_backend_class: textOf(record, "required_backend_class", "missing_required_backend_class"),
    side_effect_class: textOf(record, "side_effect_class", "missing_capability_side_effect_class"),
    required_capabilities,
    schema_version: versionOf(record, "capability_requirements"),
  };
  if (!SIDE_EFFECTS.has(parsed.side_effect_class)) throw recordRefusal("unsupported_capability_side_effect_class");
  return parsed;
}

/** Reads what a runtime attests; its lists are kept sorted. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseCapabilityInventory(value: ExactJson): ExactRecord {
  if (SELF_ATTESTED.some((key) => member(value, key) !== undefined))
    throw recordRefusal("self_attested_capability_support");
  const record = closedRecord(value, INVENTORY_FIELDS, {
    invalid: "invalid_capability_inventory_binding",
    unknown: "unknown_capability_inventory_field",
  });
  const text = (key: string, code = key): string => textOf(record, key, `missing_capability_inventory_${code}`);
  const list = (key: string): readonly string[] => distinctTexts(record, key, `invalid_capability_inventory_${key}`);
  const parsed = {
    inventory_id: text("inventory_id", "id"),
    runtime_instance_id: text("runtime_instance_id"),
    runtime_version: text("runtime_version"),
    inventory_epoch: epochOf(record, "inventory_epoch", "invalid_capability_inventory_epoch"),
    source_ref: text("source_ref"),
    attestation_ref: text("attestation_ref"),
    backend_classes: list("backend_classes"),
    side_effect_classes: list("side_effect_classes"),
    capabilities: list("capabilities"),
    schema_version: versionOf(record, "capability_inventory"),
  };
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
  const [wanted, offered] = [capabilityRequirementsDigest(requirements), capabilityInventoryDigest(inventory)];
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

export function capabilityRequirementsDigest(requirements: ExactRecord): string {
  const recordType = "govengine.capabilities.OperationCapabilityRequirements";
  return kernelRecordDigest({ recordType, record: requirements });
}

export function capabilityInventoryDigest(inventory: ExactRecord): string {
  return kernelRecordDigest({ recordType: "govengine.capabilities.CapabilityInventoryBinding", record: inventory });
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

const SIDE_EFFECTS: ReadonlySet<string> = new Set(["read_only", "mutation"]);
const SELF_ATTESTED = ["backend_supported", "plugin_registered", "registered_plugin_backend"];
const REQUIREMENT_FIELDS: ReadonlySet<string> = words(
  "schema_version requirements_id operation_id step_id execution_spec_digest required_backend_class side_effect_class required_capabilities",
);
const INVENTORY_FIELDS: ReadonlySet<string> = words(
  "schema_version inventory_id runtime_instance_id runtime_version inventory_epoch source_ref attestation_ref backend_classes side_effect_classes capabilities",
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

function listOf(record: ExactRecord, key: string): readonly string[] {
  const found = member(record, key);
  return isExactList(found) ? found.filter((item) => typeof item === "string") : [];
}
