import type { Schema } from "../schema.ts";
import {
  executionContractV02,
  executionContractV03,
  intentContract,
  policyDecisionV02,
  policyDecisionV03,
} from "./authorization.ts";
import { chainManifest, kernelGuard } from "./chain.ts";
import { evidenceContract, executionReceipt, executionTicketV02, executionTicketV03 } from "./execution.ts";
import { verificationResult } from "./verification.ts";

const packaged: Readonly<Record<string, Schema>> = {
  "schemas/intent_contract.v0.2.schema.json": intentContract,
  "schemas/policy_decision.v0.2.schema.json": policyDecisionV02,
  "schemas/policy_decision.v0.3.schema.json": policyDecisionV03,
  "schemas/execution_contract.v0.2.schema.json": executionContractV02,
  "schemas/execution_contract.v0.3.schema.json": executionContractV03,
  "schemas/execution_ticket.v0.2.schema.json": executionTicketV02,
  "schemas/execution_ticket.v0.3.schema.json": executionTicketV03,
  "schemas/execution_receipt.v0.2.schema.json": executionReceipt,
  "schemas/evidence_contract.v0.2.schema.json": evidenceContract,
  "schemas/artifact_chain_manifest.v0.2.schema.json": chainManifest,
  "schemas/kernel_guard_hmac_v1.schema.json": kernelGuard,
  "schemas/verification_result.v1.1.schema.json": verificationResult,
};

/** A schema that ships with the product; nothing else is ever loaded. */
export function packagedSchema(reference: string): Schema | undefined {
  return Object.hasOwn(packaged, reference) ? packaged[reference] : undefined;
}
