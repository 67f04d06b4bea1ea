export { BOUNDARY, CONTRACT_PROOF_WORDS, PROFILE_CONSUMES } from "./boundary/boundary.ts";
export { boundaryReport, DEFAULT_PROFILE, type BoundaryReport } from "./boundary/boundary-report.ts";
export {
  parseDomainProfile,
  profileConformance,
  requireConformingProfile,
  type DomainProfile,
  type ProfileConformance,
} from "./boundary/domain-profile.ts";
export {
  parseProfileSdk,
  profileSdkConformance,
  requireConformingSdk,
  type ProfileSdk,
  type ProfileSdkConformance,
} from "./boundary/profile-sdk.ts";
export {
  checkSecuritySurface,
  securityFacade,
  securityHelperNamed,
  type SecurityFacade,
} from "./boundary/security-facade.ts";
export { earlySurfaces, surfaceNamed, SURFACES, type Surface } from "./boundary/surfaces.ts";
export {
  ADMISSION_OUTCOMES,
  admissionDecisionDigest,
  admissionOfGate,
  parseAdmissionDecision,
  type AdmissionDecision,
} from "./admission/admission-decision.ts";
export { APPROVAL_STATES, parseApprovalRequest, type ApprovalRequest } from "./admission/approval-request.ts";
export {
  AUDIT_RECORD_TYPES,
  parseAuditRecord,
  summarizeAuditRecord,
  type AuditRecord,
  type AuditRecordSummary,
} from "./admission/audit-record.ts";
export {
  parsePolicyDecision,
  POLICY_DECISIONS,
  policyDecisionOfVerdict,
  type PolicyDecisionRecord,
} from "./admission/policy-decision.ts";
export { SUBJECT_KINDS, type RecordHead, type SubjectKind } from "./admission/record-head.ts";
export { appendAuditRecord, verifyAuditLedger, type Appended, type AuditAppend } from "./audit/ledger.ts";
export { auditEntryDigest, parseAuditLedgerEntry, type AuditLedgerEntry } from "./audit/ledger-entry.ts";
export { auditLedgerLine, auditLedgerPage, readAuditLedger, recordLines } from "./audit/ledger-lines.ts";
export {
  parseAuditAppendResult,
  parseAuditVerification,
  summarizeAuditVerification,
  type AuditAppendResult,
  type AuditVerification,
  type AuditVerificationSummary,
} from "./audit/ledger-result.ts";
export type { ApprovalPort } from "./automation/approval-port.ts";
export {
  admitAutomationTransition,
  automationTransitionDigest,
  checkTransitionAdmission,
  parseAutomationTransition,
  type AutomationTransition,
} from "./automation/automation-transition.ts";
export {
  admitSupervisorAction,
  checkSupervisorAdmission,
  parseSupervisorAction,
  supervisorActionDigest,
  type SupervisorAction,
} from "./automation/supervisor-action.ts";
export {
  admitTriggerPlanning,
  checkTriggerAdmission,
  parseTriggerPlanning,
  triggerPlanningDigest,
  type TriggerPlanning,
} from "./automation/trigger-planning.ts";
export {
  capabilityDecisionDigest,
  capabilityInventoryDigest,
  capabilityRequirementsDigest,
  decideCapability,
  parseCapabilityInventory,
  parseCapabilityRequirements,
  type CapabilityDecision,
} from "./capability/capability.ts";
export { checkApprovalTrust, parseApprovalTrustPolicy, type ApprovalTrustPolicy } from "./governance/approval-trust.ts";
export { verifyApproval, type ApprovalPorts } from "./governance/approval-verification.ts";
export { approvalAttestationDigest, parseApprovalAttestation } from "./governance/attestation.ts";
export type { ApprovalAttestation } from "./governance/attestation.ts";
export type { AuthorizationAsked } from "./governance/authorization.ts";
export { consumeDecision, type Consumption } from "./governance/consumption.ts";
export { checkDecisionBinding } from "./governance/decision-binding.ts";
export { checkGovernanceDecision, governanceDecisionDigest, type GovernanceDecision } from "./governance/decision.ts";
export { evaluateGovernance, type GovernanceEvaluation, type GovernanceInputs } from "./governance/evaluate.ts";
export { checkReceiptBinding, type ReceiptBinding } from "./governance/receipt-binding.ts";
export { receiptConformance, type ReceiptConformance } from "./governance/receipt-conformance.ts";
export { governanceRequestDigest, parseGovernanceRequest, type GovernanceRequest } from "./governance/request.ts";
export { governanceSubjectDigest, type RequestScalars } from "./governance/subject.ts";
export { checkGovernanceTrace, type GovernanceTrace } from "./governance/trace.ts";
export {
  checkPolicyActivation,
  parsePolicyActivation,
  policyActivationDigest,
  type PolicyActivation,
} from "./policy-pack/activation.ts";
export { POLICY_BASELINES, policyBaseline, type BaselineIssue } from "./policy-pack/baselines.ts";
export { cedarContext } from "./policy-pack/cedar-context.ts";
export { cedarPolicies } from "./policy-pack/cedar-policies.ts";
export { compilePolicyPack, policyPackDigest, type PolicyPack } from "./policy-pack/compile.ts";
export { conditionHolds, type PolicyCondition } from "./policy-pack/condition.ts";
export { checkEnforcementPlan, checkPlanAdmission, parseEnforcementPlan } from "./policy-pack/enforcement-record.ts";
export {
  enforcementPlanDigest,
  planAdmission,
  planEnforcement,
  type EnforcementPlan,
} from "./policy-pack/enforcement.ts";
export { evaluatePolicyPack, matchingRules, packInputs, policyVerdictDigest } from "./policy-pack/evaluate.ts";
export type { PackInputs, PolicyVerdict } from "./policy-pack/evaluate.ts";
export { parsePackRequest, type PackRequest } from "./policy-pack/policy-request.ts";
export { POLICY_EFFECTS, type PolicyRule } from "./policy-pack/rule.ts";
export type { RuntimeControls } from "./policy-pack/runtime-controls.ts";
export { parsePolicyVerdict } from "./policy-pack/verdict-record.ts";
export {
  admitTypedExecution,
  checkTypedExecutionAdmission,
  typedExecutionControls,
  type ControlResult,
} from "./typed-execution/admission.ts";
export { parseTypedExecution, typedExecutionDigest, type TypedExecution } from "./typed-execution/request.ts";
export { explainPolicyPack } from "./policy-pack/explain.ts";
export type { ConditionExplanation, PolicyExplanation, RuleExplanation } from "./policy-pack/explain.ts";
export { approvalSignature, signApproval } from "./governance/approval-signature.ts";
export { inspectAdmission, type AdmissionInspection } from "./admission/inspect.ts";
