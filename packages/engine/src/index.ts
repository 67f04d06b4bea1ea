export type {
  ActionPage,
  ActionView,
  ClaimView,
  DecisionView,
  EntryPage,
  EntryPointer,
  EntryView,
  ErasurePlan,
  ErasureResult,
  GovernanceStamp,
  GovernanceView,
  HoldView,
  PoliciesView,
  PolicyChangeView,
  RebuildView,
  RetentionPlan,
  RetentionResult,
  RedeemedTicket,
  RuleView,
  LogStatusView,
  SignedHeadView,
  StatusView,
  SystemView,
  TokenCreated,
  TokenView,
  UnfinishedView,
} from "./documents.ts";
export { processEffects } from "./command-line.ts";
export type { EngineErrorCode } from "./error-code.ts";
export { ACTION_EVENTS } from "./event.ts";
export type { ActionEventType, EngineEvent } from "./event.ts";
export type { Execution, ExecutionPort, Readiness } from "./execution-port.ts";
export type { PolicySetSource } from "./policy-port.ts";
export type { ActionFilter, Caller, Engine, EngineOptions, EntryFilter, RetentionRequest, RunOptions } from "./port.ts";
export { ACTION_STATES } from "./request.ts";
export type { ActionRequest, ActionState, GovernanceFields, GovernancePatch, SystemPatch } from "./request.ts";
export { redecideRecord } from "./redecide-record.ts";
export { loadRecordedSet } from "./use-cases/policies.ts";
export type { Redecision } from "./redecide-record.ts";
export { openEngine } from "./open-engine.ts";
export { approvalPorts } from "./approval-ports.ts";
export type { ApprovalFacts } from "./approval-ports.ts";
export { recordSigner, recordVerifier } from "./record-signature.ts";
export type { TrustedSigner } from "./record-signature.ts";
export type { TicketUseClaim } from "./use-cases/claim-ticket-use.ts";
export type { DecisionConsumption, DecisionUse } from "./use-cases/consume-decision.ts";
export type { GovernanceAsked } from "./use-cases/govern.ts";
