export { absolutePath, isWithin, resolvePath } from "./absolute-path.ts";
export { compareReceipt, type Comparison, type Happened } from "./agreement.ts";
export { approvalDigest, checkApproval, isSamePrincipal, parseApproval, type ApprovalRefusal } from "./approval.ts";
export { CONTRACT_BOUNDS, contractDigest, contractText, parseContract } from "./contract.ts";
export type { KernelErrorCode } from "./error-code.ts";
export { holdProgress, type Approver, type HoldProgress, type Requirement } from "./hold.ts";
export { checkLease, FIRST_FENCE, grantLease, isCurrentFence, leaseDigest, parseLease } from "./lease.ts";
export type { Lease, LeaseRefusal, LeaseUse, LeaseVerdict } from "./lease.ts";
export {
  isFinal,
  LIFECYCLE_EVENTS,
  LIFECYCLE_STATES,
  transition,
  type LifecycleEvent,
  type LifecycleState,
  type Transition,
} from "./lifecycle.ts";
export {
  evaluatePreconditions,
  type Blocker,
  type DecisionEvidence,
  type GateResult,
  type Preconditions,
  type RunnerProfile,
  type TrustEvidence,
} from "./precondition-chain.ts";
export type { BundleEvidence, GuardRecord } from "./bundle-evidence.ts";
export { parseReceipt, RECEIPT_BOUNDS, RECEIPT_OUTCOMES, receiptDigest } from "./receipt.ts";
export { ACTION_NAMES, EFFECTS, RESOURCE_TYPES } from "./records.ts";
export type {
  ActionName,
  Agreement,
  Approval,
  Contract,
  Effect,
  FileEffect,
  Limits,
  OutputDigest,
  PrincipalRef,
  ProcessShape,
  Receipt,
  Refusal,
  ResourceRef,
  Scope,
  Shape,
  StatementShape,
  Ticket,
} from "./records.ts";
export {
  DEFAULT_LIMITS,
  shapeProcess,
  shapeStatement,
  type Asked,
  type ProcessAsked,
  type StatementAsked,
} from "./shape.ts";
export { checkTicket, issueTicket, parseTicket, ticketDigest, type TicketRefusal } from "./ticket.ts";
export type { CompatErrorCode } from "./compat/error-code.ts";
export type { ExactRecord } from "./compat/exact-record.ts";
export { kernelRecordDigest, kernelRecordText, type LegacyRecord } from "./compat/record-digest.ts";
export { scliteDigestV01, scliteTextV01 } from "./compat/sclite-json-v01.ts";
export { scliteDigestV02, scliteTextV02 } from "./compat/sclite-json-v02.ts";
export { CHAIN_PROFILES, profileRegistry, type ProfileRegistry } from "./artifacts/profile-registry.ts";
export { describeArtifact, linkArtifact } from "./artifacts/descriptor.ts";
export type { ArtifactDescriptor, ArtifactLink } from "./artifacts/descriptor.ts";
export type { FailureFamily, LegacyFailure } from "./artifacts/failure.ts";
export { LIFECYCLE_ROLES, type LifecycleRole, type RoleSummary } from "./artifacts/lifecycle-roles.ts";
export { buildChainManifest, chainDigest } from "./artifacts/manifest.ts";
export type { ChainManifest, ChainMember, ChainStep, ManifestEntry, ManifestNames } from "./artifacts/manifest.ts";
export { validateArtifact } from "./artifacts/validate.ts";
export { verifyChain } from "./artifacts/verify-chain.ts";
export type { ChainOptions, ChainVerification, VerifiedChain } from "./artifacts/verify-chain.ts";
export { checkTicketSemantics, type TicketPair, type TicketSemantics } from "./scoped-ticket/semantics.ts";
export { explainTicket, summarizeTicket, type TicketSummary } from "./scoped-ticket/summary.ts";
export { verifyTicketUse, type TicketUse, type TicketUseResult } from "./scoped-ticket/use.ts";
export { verifyKernelGuard, type GuardedChain, type GuardVerification, type VerifiedGuard } from "./guard/verify.ts";
export { SECURITY_POSTURES, ticketUseProfile, verifySecureBundle } from "./guard/secure-bundle.ts";
export type { SecureBundleVerification, TicketUseProfile } from "./guard/secure-bundle.ts";
export { redactionReceipt, sanitizePublicArtifact, type RedactionReceipt } from "./artifacts/redaction.ts";
export { isGovernanceIdentifier } from "./compat/governance-identifier.ts";
export { parseBoundaryJson } from "./compat/json-boundary.ts";
export { checkTicketGate, checkUseGate } from "./scoped-ticket/gates.ts";
export type { TicketGateInput, TicketGatePass, UseGateInput, UseGatePass } from "./scoped-ticket/gates.ts";
export {
  CONTROL_ACTIONS,
  applyControlDecision,
  parseControlDecision,
  type ControlAction,
  type ControlDecision,
} from "./control/control-decision.ts";
export { EVENT_TYPES, parseEventEnvelope, type EventEnvelope, type GovernanceEvent } from "./control/event-envelope.ts";
export type { GovernanceRecordErrorCode } from "./control/record-refusal.ts";
export {
  applyTransition,
  isRunBlocked,
  isRunOver,
  parseRunState,
  parseRunTransition,
  type RunState,
  type RunTransition,
} from "./run-state/run-state.ts";
export {
  ANY_RUN_STATES,
  nextRunStates,
  RUN_STATES,
  RUNTIME_ACTIONS,
  stateAfterAction,
} from "./run-state/run-states.ts";
export type { AnyRunState, RunStateName, RuntimeActionName } from "./run-state/run-states.ts";
export { parseQueueSnapshot, queueSnapshotOf, type QueueLane, type QueueSnapshot } from "./runtime/queue-snapshot.ts";
export { applyRuntimeAction, parseRuntimeAction, RUNTIME_STATES, runtimeStateOf } from "./runtime/runtime-action.ts";
export type { RuntimeAction, RuntimeState } from "./runtime/runtime-action.ts";
export { parseRuntimeSnapshot, parseSchedulerTick } from "./runtime/snapshot.ts";
export type { RuntimeSnapshot, SchedulerTick } from "./runtime/snapshot.ts";
export { parsePlanIntent, parsePlannerPort, type PlanIntent, type PlannerPort } from "./planning/plan-intent.ts";
export { parseTaskContract, type TaskContract } from "./planning/task-contract.ts";
export {
  HOST_CONTROLS,
  KERNEL_CONTROLS,
  nextStages,
  ORCHESTRATION_STAGES,
  parseOrchestration,
  parseOrchestrationStep,
  type OrchestrationStage,
  type OrchestrationStep,
} from "./control/orchestration.ts";
export { verificationResult } from "./guard/verification-result.ts";
export type { AspectVerdict, VerificationResult, VerifierNames } from "./guard/verification-result.ts";
export { composeAdmission, type AdmissionStatus, type RuntimeAdmission } from "./admission/compose.ts";
export { checkAdmissionProof } from "./admission/proof.ts";
export {
  admissionDigest,
  admissionRecord,
  checkAdmissionResult,
  summarizeAdmission,
  type AdmissionSummary,
} from "./admission/result.ts";
export { evaluateReplay, parseReplayRecord, type ReplayDecision, type ReplayRecord } from "./replay/replay.ts";
export { dryRun, type DryRunReceipt, type StepResult } from "./supervision/dry-run.ts";
export {
  LEASE_EVENTS,
  LEASE_STATES,
  leaseTransition,
  type LeaseEvent,
  type LeaseState,
} from "./supervision/lease-state.ts";
export { liveRunnerReadiness, LIVE_RUNNER_PREREQUISITES } from "./supervision/readiness.ts";
export type { LiveRunnerPrerequisite, LiveRunnerReadiness } from "./supervision/readiness.ts";
export { bindRunnerReceipt, type BindingNames, type BoundReceipt } from "./supervision/bind-receipt.ts";
export { checkRunnerReceipt, runnerReceiptDigest, RUNNER_RECEIPT_STATUSES } from "./supervision/receipt-binding.ts";
export type { BindingEvidence, ReceiptSummary } from "./supervision/receipt-binding.ts";
export { parseRunnerLease, runnerLeaseFor, type RunnerLease } from "./supervision/runner-lease.ts";
export { parseRunnerRequest, runnerRequestDigest, runnerRequestFor } from "./supervision/runner-request.ts";
export type { RunnerRequest } from "./supervision/runner-request.ts";
export { parseRunnerSteps, type RunnerStep } from "./supervision/runner-step.ts";
export { parseSupervisionDecision, type SupervisionDecision } from "./supervision/supervision-decision.ts";
export {
  checkSupervisedReceipt,
  checkSupervisedRequest,
  parseSupervisionPlan,
  supervisionPlanFor,
  type SupervisionPlan,
} from "./supervision/supervision-plan.ts";
export { limitedLoader, VERIFICATION_LIMITS, type VerificationLimits } from "./artifacts/verification-limits.ts";
export {
  ARTIFACT_LIFECYCLE_STATES,
  lifecycleGate,
  nextLifecycleActions,
  nextLifecycleStates,
  parseArtifactStates,
} from "./control/artifact-lifecycle.ts";
export type { ArtifactLifecycleState, ArtifactState, LifecycleGate } from "./control/artifact-lifecycle.ts";
export { decideLoop, parseObservations } from "./control/control-loop.ts";
export type { LoopAction, LoopDecision, Observation } from "./control/control-loop.ts";
export { parseOrientation, type Orientation } from "./control/orientation.ts";
export { changeOrder, parseExpectedDigests, type ChangeOrder, type Conflict } from "./control/deconfliction.ts";
export { summarizeStates, type StateIndexSummary } from "./control/state-index.ts";
export { opaqueReference } from "./signing/opaque-reference.ts";
export { trustTransition, type SignedDescriptor, type TrustTransition } from "./signing/trust-transition.ts";
export { ARTIFACT_SCHEMAS } from "./artifacts/schemas/index.ts";
export {
  governedDescriptor,
  parseArtifactEnvelope,
  parseGovernedDescriptor,
  type ArtifactEnvelope,
  type GovernedDescriptor,
} from "./artifacts/governed-descriptor.ts";
export {
  isKeyResolved,
  isSignerTrusted,
  parseKeyRequest,
  parseKeyResolution,
  parseTrustLookup,
  type KeyRequest,
  type KeyResolution,
  type KeyResolverPort,
  type SignerPort,
  type SigningRequest,
  type SigningResult,
  type TrustLookup,
  type TrustStorePort,
  type VerifierPort,
} from "./signing/ports.ts";
export {
  DEFAULT_SIGNING_POLICY,
  isSigned,
  isTrusted,
  parseSignatureEnvelope,
  parseSignatureVerification,
  parseSigningPolicy,
  type SignatureEnvelope,
  type SignatureVerification,
  type SigningPolicy,
} from "./signing/signature.ts";
export {
  DECISION_PURPOSE,
  DECISION_RECORD_TYPE,
  signDecision,
  trustDecision,
  type DecisionTrust,
} from "./signing/signed-decision.ts";
export {
  parseSignedRecord,
  signingText,
  signRecord,
  verifySignedRecord,
  type SignedRecord,
} from "./signing/signed-record.ts";
export {
  bridgeChain,
  bridgeReview,
  type BridgedReview,
  type BridgedState,
  type ReviewState,
} from "./boundary/library-bridge.ts";
export { replayKeys } from "./replay/replay-keys.ts";
export { checkTicketUseClaim, type TicketUseAllowed, type TicketUseAsked } from "./scoped-ticket/use-claim.ts";
export type { GovernanceDecision } from "./governance/decision.ts";
export { lifecycleOfRun, type GovernedRun, type RunLifecycle } from "./artifacts/lifecycle-of-run.ts";
export { guardedReplay, type GuardedReplay } from "./replay/guarded-replay.ts";
export {
  blockedByStore,
  parseReplayStore,
  REPLAY_STORE_KEY,
  replayStore,
  type StoreFault,
} from "./replay/replay-store.ts";
export type { AuditLedgerPort, ReplayClaimPort, ScopePort, StateStorePort } from "./signing/host-ports.ts";
