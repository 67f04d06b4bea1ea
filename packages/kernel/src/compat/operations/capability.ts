import {
  capabilityDecisionDigest,
  decideCapability,
  parseCapabilityInventory,
  parseCapabilityRequirements,
} from "../../capability/capability.ts";
import { memberOrNull } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "capability.evaluate": recordOperation((input) => {
    const requirements = parseCapabilityRequirements(memberOrNull(input, "requirements"));
    const decision = decideCapability(requirements, parseCapabilityInventory(memberOrNull(input, "inventory")));
    return { decision, digest: capabilityDecisionDigest(decision) };
  }),
};
