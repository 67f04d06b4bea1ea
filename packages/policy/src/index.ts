export { authorize } from "./authorize.ts";
export type { AuthorizeOptions } from "./authorize.ts";
export { authorizeBatch, BATCH_LINE_BYTES_MAX } from "./batch.ts";
export { decide } from "./decide.ts";
export { diffPolicySets } from "./diff-sets.ts";
export type { PolicySetDiff } from "./diff-sets.ts";
export { entityStore } from "./entity-store.ts";
export type { EntityStore } from "./entity-store.ts";
export type { PolicyErrorCode } from "./error-code.ts";
export { explain } from "./explain.ts";
export type { Explanation, PolicyExplanation } from "./explain.ts";
export { loadPolicyFolder, readPolicyFolder } from "./folder.ts";
export { setDigest as policySetDigest } from "./loading/set-digest.ts";
export { formatPolicies } from "./format.ts";
export type { HoldRequirement } from "./hold.ts";
export { loadPolicySet } from "./load.ts";
export type { LoadOptions, PolicyInfo, PolicySet, PolicySources, TemplateLink } from "./policy-set.ts";
export type {
  CedarAnswer,
  CedarJson,
  EntityJson,
  EntityUid,
  PolicyDecision,
  PolicyRequest,
  SourceFile,
} from "./types.ts";
export {
  ACTION_EFFECTS,
  EFFECTS,
  GOVERNANCE_FIELDS,
  MODES,
  MODE_TABLE,
  POSTURES,
  ROLES,
  STATE_CHANGING,
  resolveMode,
  resolvePosture,
  resolveRole,
} from "./governance-vocabulary.ts";
export type { Effect, GovernanceField, Mode, PolicyAction, Posture, Role } from "./governance-vocabulary.ts";
export { isLargeAmount } from "./shipped-amount.ts";
export { consideredEffects, judgedGovernance, policyContext } from "./shipped-context.ts";
export type { PolicyCaller, PolicyContext, PolicyFacts } from "./shipped-context.ts";
export { policyReference } from "./shipped-reference.ts";
export { shippedPolicies } from "./shipped.ts";
export type { ShippedErrorCode, ShippedPolicies } from "./shipped.ts";
export { EFFECT_TEXT_MAX, recogniseEffects } from "./effects.ts";
export type { EffectErrorCode } from "./effects.ts";
export { commandEffects } from "./tools.ts";
export type { CommandEffects, CommandScope } from "./tools.ts";
export { caseRequest, runCases } from "./cases.ts";
export type { CaseOptions, CaseReport, CaseResult } from "./cases.ts";
export { parseCases } from "./cases-file.ts";
export type { CaseExpectation, CaseGiven, PolicyCase } from "./cases-file.ts";
export type { CasesErrorCode } from "./cases-yaml.ts";
