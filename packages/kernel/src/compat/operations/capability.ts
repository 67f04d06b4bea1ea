import {
  capabilityDecisionDigest,
  decideCapability,
  parseCapabilityInventory,
  parseCapabilityRequirements,
} from "../../capability/capability.ts";
import { member } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "capability.evaluate": recordOperation((input) => {
    const requirements = parseCapabilityRequirements(member(input, "requirements") ?? null);
    const decision = decideCapability(requirements, parseCapabilityInventory(member(input, "inventory") ?? null));
    return { decision, digest: capabilityDecisionDigest(decision) };
  }),
};
