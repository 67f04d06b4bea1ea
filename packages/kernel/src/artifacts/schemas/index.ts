import type { Schema } from "../schema.ts";
import * as authorization from "./authorization.ts";
import { chainManifest, kernelGuard } from "./chain.ts";
import { evidenceContract, executionReceipt, executionTicketV02, executionTicketV03 } from "./execution.ts";
import * as older from "./older-line.ts";
import * as references from "./references.ts";
import * as review from "./review.ts";
import { verificationResult, verificationResultV1 } from "./verification.ts";

const packaged: Readonly<Record<string, Schema>> = {
  "schemas/intent_contract.v0.2.schema.json": authorization.intentContract,
  "schemas/policy_decision.v0.2.schema.json": authorization.policyDecisionV02,
  "schemas/policy_decision.v0.3.schema.json": authorization.policyDecisionV03,
  "schemas/execution_contract.v0.2.schema.json": authorization.executionContractV02,
  "schemas/execution_contract.v0.3.schema.json": authorization.executionContractV03,
  "schemas/execution_ticket.v0.2.schema.json": executionTicketV02,
  "schemas/execution_ticket.v0.3.schema.json": executionTicketV03,
  "schemas/execution_receipt.v0.2.schema.json": executionReceipt,
  "schemas/evidence_contract.v0.2.schema.json": evidenceContract,
  "schemas/artifact_chain_manifest.v0.2.schema.json": chainManifest,
  "schemas/kernel_guard_hmac_v1.schema.json": kernelGuard,
  "schemas/verification_result.v1.schema.json": verificationResultV1,
  "schemas/verification_result.v1.1.schema.json": verificationResult,
  "schemas/review_record.v0.1.schema.json": review.reviewRecord,
  "schemas/scope_fidelity_report.v0.1.schema.json": review.scopeFidelityV01,
  "schemas/scope_fidelity_report.v0.2.schema.json": review.scopeFidelityV02,
  "schemas/redaction_policy.v0.1.schema.json": review.redactionPolicyV01,
  "schemas/redaction_policy.v0.2.schema.json": review.redactionPolicyV02,
  "schemas/redaction_receipt.v0.1.schema.json": review.redactionReceiptV01,
  "schemas/redaction_receipt.v0.2.schema.json": review.redactionReceiptV02,
  "schemas/trust_profile_ref.v0.1.schema.json": references.trustProfileV01,
  "schemas/trust_profile_ref.v0.2.schema.json": references.trustProfileV02,
  "schemas/carrier_profile_ref.v0.1.schema.json": references.carrierProfileV01,
  "schemas/carrier_profile_ref.v0.2.schema.json": references.carrierProfileV02,
  "schemas/public_validation_surface_index.v0.1.schema.json": references.surfaceIndexV01,
  "schemas/public_validation_surface_index.v0.2.schema.json": references.surfaceIndexV02,
  "schemas/public_snapshot_manifest.v0.1.schema.json": references.snapshotManifestV01,
  "schemas/public_snapshot_manifest.v0.2.schema.json": references.snapshotManifestV02,
  "schemas/policy_decision.v0.1.schema.json": older.policyDecisionV01,
  "schemas/prepared_execution_spec.v0.1.schema.json": older.preparedSpecV01,
  "schemas/approved_execution_spec.v0.1.schema.json": older.approvedSpecV01,
  "schemas/redacted_prepared_execution_spec.v0.1.schema.json": older.redactedPreparedSpecV01,
  "schemas/execution_receipt.v0.1.schema.json": older.executionReceiptV01,
  "schemas/evidence_bundle.v0.1.schema.json": older.evidenceBundleV01,
  "schemas/security_contract_validation_receipt.v0.1.schema.json": older.validationReceiptV01,
  "schemas/proof_of_value_scorecard.v0.1.schema.json": older.scorecardV01,
  ...older.automation,
};

/** A schema that ships with the product; nothing else is ever loaded. */
export function packagedSchema(reference: string): Schema | undefined {
  return Object.hasOwn(packaged, reference) ? packaged[reference] : undefined;
}

/** Ids of every schema that ships (spec kernel.md §4.2 to §4.4). */
export const ARTIFACT_SCHEMAS: readonly string[] = Object.keys(packaged);
