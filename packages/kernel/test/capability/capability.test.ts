import { describe, expect, test } from "vitest";
import { decideCapability, parseCapabilityInventory, parseCapabilityRequirements } from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";

const requirements = {
  requirements_id: "r",
  operation_id: "o",
  step_id: "s",
  execution_spec_digest: `sha256:${"1".repeat(64)}`,
  required_backend_class: "http_api",
  side_effect_class: "mutation",
  required_capabilities: ["b", "a"],
};
const inventory = {
  inventory_id: "i",
  runtime_instance_id: "x",
  runtime_version: "1",
  inventory_epoch: 0,
  source_ref: "s",
  attestation_ref: "t",
  backend_classes: ["http_api"],
  side_effect_classes: ["mutation"],
  capabilities: ["a", "b"],
};

test.each([
  ["capabilities_compatible", {}],
  ["required_backend_class_missing", { backend_classes: ["mock"], side_effect_classes: ["read_only"] }],
  ["side_effect_class_not_supported", { side_effect_classes: ["read_only"], capabilities: ["z"] }],
  ["required_capabilities_missing", { capabilities: ["a"] }],
])("%s", (reason_code, more) => {
  const decision = decideCapability(
    parseCapabilityRequirements(requirements),
    parseCapabilityInventory({ ...inventory, ...more }),
  );
  expect(decision).toMatchObject({ reason_code });
});

describe("malformed requirements and inventories", () => {
  test.each([
    ["unknown_operation_capability_requirements_field", { extra: 1 }],
    ["invalid_required_capabilities", { required_capabilities: ["a", "a"] }],
    ["operation_capability_requirements_empty", { required_capabilities: [] }],
    ["missing_capability_requirements_id", { requirements_id: "" }],
    ["missing_capability_requirements_operation_id", { operation_id: "" }],
    ["missing_capability_requirements_step_id", { step_id: "" }],
    ["missing_capability_requirements_execution_spec_digest", { execution_spec_digest: "" }],
    ["invalid_capability_requirements_execution_spec_digest", { execution_spec_digest: "sha256:1" }],
    ["missing_required_backend_class", { required_backend_class: "" }],
    ["missing_capability_side_effect_class", { side_effect_class: "" }],
    ["unsupported_capability_side_effect_class", { side_effect_class: "odd" }],
  ])("%s", (reason, more) => {
    expect(refusalOf(() => parseCapabilityRequirements({ ...requirements, ...more }))).toBe(reason);
  });

  test.each([
    ["self_attested_capability_support", { plugin_registered: true, extra: 1 }],
    ["unknown_capability_inventory_field", { extra: 1 }],
    ["missing_capability_inventory_id", { inventory_id: "" }],
    ["missing_capability_inventory_source_ref", { source_ref: "" }],
    ["invalid_capability_inventory_epoch", { inventory_epoch: true }],
    ["invalid_capability_inventory_capabilities", { capabilities: ["a", "a"] }],
    ["capability_inventory_empty", { capabilities: [] }],
    ["unsupported_inventory_side_effect_class", { side_effect_classes: ["odd"] }],
  ])("%s", (reason, more) => {
    expect(refusalOf(() => parseCapabilityInventory({ ...inventory, ...more }))).toBe(reason);
  });
});
