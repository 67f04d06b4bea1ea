export { bannedPattern, restrictedPattern, type RestrictedToken } from "./command/argument-policy.ts";
export { normalizeArgv, parseArguments, type CommandAsked } from "./command/argv.ts";
export {
  checkCredentials,
  credentialUses,
  type CampaignCredentials,
  type CredentialUses,
  type CredentialVerdict,
} from "./command/credential-policy.ts";
export {
  checkTargetKind,
  enforceScope,
  observeTargets,
  TARGET_MODES,
  type ScopedCommand,
  type TargetMode,
  type TargetObservations,
} from "./command/targets.ts";
export { isHostInScope, parseScopeDomains, SCOPE_TEXT_MAX, type ScopeDomains } from "./domain-scope/domains.ts";
export { parseFidelityInput, scopeFidelity, type FidelityInput, type FidelityReport } from "./domain-scope/fidelity.ts";
export { directHost, extractHosts, HOST_TEXT_MAX, nestedUrlHosts } from "./domain-scope/hosts.ts";
export { actionContractErrors } from "./actions/action-contract.ts";
export {
  ACTION_LIMITS,
  ACTION_TYPES,
  CHAIN_ROLES,
  EXPERIMENT_SHAPES,
  isActionType,
  TARGET_CARDINALITIES,
  type ActionType,
  type ChainRole,
  type ExperimentShape,
} from "./actions/action-types.ts";
export { probeRecipeErrors } from "./actions/probe-recipe.ts";
export {
  COMPILER_STRATEGIES,
  lossGate,
  lossPenalty,
  semanticLoss,
  type CompiledMeaning,
  type LossGate,
  type LossPolicy,
} from "./actions/semantic-loss.ts";
export { APPROVED_SPEC_VERSION, approvedSteps, checkApprovedSpec, type ApprovedStep } from "./specs/approved-spec.ts";
export { dryRunResult, type PlannedRun } from "./specs/dry-run-result.ts";
export { parseScopeBinding, type ScopePolicyBinding } from "./domain-scope/scope-binding.ts";
export { evaluateScopePolicy, type ScopeDecision } from "./domain-scope/scope-policy.ts";
export { SECRET_MARK } from "./redaction/secret-mark.ts";
export { redactSecretText } from "./redaction/secret-text.ts";
export { redactSecrets } from "./redaction/secret-value.ts";
