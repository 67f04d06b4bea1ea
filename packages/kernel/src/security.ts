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
export { parseFidelityInput, type FidelityInput } from "./domain-scope/fidelity-input.ts";
export { scopeFidelity, type FidelityReport } from "./domain-scope/fidelity.ts";
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
export { parseActionSpec, type ActionSpec, type AskedStep, type ProbeRecipe } from "./actions/action-spec.ts";
export {
  CAPABILITIES,
  CAPABILITY_TOOLS,
  isCapability,
  isTaskFamily,
  TASK_FAMILIES,
  type Capability,
  type TaskFamily,
} from "./actions/capability-tools.ts";
export { commandFault, type CommandFault, type CommandSetting } from "./actions/command-gate.ts";
export { compileAction } from "./actions/compile-action.ts";
export type { Compilation, CompiledAction, CompilerSetting } from "./actions/compile-action.ts";
export { BLOCKED_TOOLS, DEFAULT_TOOLS, executionAllowList } from "./actions/execution-allow-list.ts";
export { stepAction, withInput, type PlannedStep, type StepSource } from "./actions/execution-plan.ts";
export { heldProfiles, PLANNER_PROFILES, type PlannerProfile } from "./actions/planner-profile.ts";
export { policyDecision, type PolicyDecision } from "./actions/policy-decision.ts";
export { policyGateway, type GatewaySetting, type GatewayVerdict } from "./actions/policy-gateway.ts";
export { parseRecipes } from "./actions/recipe-record.ts";
export { loadRecipes, type CapabilityRecipe, type Recipes, type RecipeStep } from "./actions/recipes.ts";
export { RECIPES } from "./actions/shipped-recipes.ts";
export { readToolArguments, type ArgumentReading, type TypedArgument } from "./actions/tool-arguments.ts";
export { isPlannerVisible, parseToolRegistry, targetModeOf } from "./actions/tool-registry.ts";
export type { ToolEntry, ToolRegistry } from "./actions/tool-registry.ts";
export { resolveTool, TOOL_SOURCES, type ToolChoice, type ToolSource } from "./actions/tool-resolution.ts";
export { isAddressIn, isAmbiguousAddress, parseAddress, type Address } from "./domain-scope/addresses.ts";
export { placeFault, type TargetScope } from "./domain-scope/target-scope.ts";
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
export { approvedCommands, type ApprovedCommand } from "./specs/approved-commands.ts";
export { APPROVED_SPEC_VERSION, approvedSteps, checkApprovedSpec, type ApprovedStep } from "./specs/approved-spec.ts";
export {
  APPROVAL_SOURCES,
  type ApprovedSpec,
  type ExecutionTruth,
  type SpecApproval,
} from "./specs/approved-record.ts";
export {
  approvedSpecDigest,
  approveSpec,
  openApprovedSpec,
  parseApprovedSpec,
  type ApprovalGiven,
  type SpecApprovalResult,
} from "./specs/approve-spec.ts";
export { analysisContract, parseAnalysisGoal } from "./specs/analysis-contract.ts";
export type { AnalysisContract, AnalysisGoal } from "./specs/analysis-contract.ts";
export { auditorArguments, inputSummary, type InputSummary } from "./specs/auditor-text.ts";
export { auditorView } from "./specs/auditor-view.ts";
export { DECORATED_TOOLS, decorateArguments } from "./specs/decorate-arguments.ts";
export {
  DECORATION_MODES,
  requestDecoration,
  type CampaignIdentity,
  type DecorationHeader,
  type OperatorDecoration,
  type RequestDecoration,
} from "./specs/decoration.ts";
export { confirmFinding, type Confirmation } from "./specs/finding-confirmation.ts";
export {
  PREPARED_SPEC_VERSION,
  type CompilerFacts,
  type CredentialsSnapshot,
  type HostHygiene,
  type PreparedSpec,
  type SpecStep,
} from "./specs/prepared-record.ts";
export {
  openPreparedSpec,
  parsePreparedSpec,
  preparedSpecDigest,
  prepareSpec,
  type Preparation,
} from "./specs/prepared-spec.ts";
export { signalContract, successOutcome } from "./specs/signal-contract.ts";
export type { SignalContract, SuccessOutcome } from "./specs/signals.ts";
export { parseSignalFacts, type SignalFacts } from "./specs/signal-record.ts";
export { holdsSecretMark, injectSecrets, secretMark } from "./specs/secret-reference.ts";
export { dryRunResult, type PlannedRun } from "./specs/dry-run-result.ts";
export { parseScopeBinding, type ScopePolicyBinding } from "./domain-scope/scope-binding.ts";
export { evaluateScopePolicy, type ScopeDecision } from "./domain-scope/scope-policy.ts";
export { holdsKnownSecret } from "./redaction/known-secret.ts";
export { SECRET_MARK } from "./redaction/secret-mark.ts";
export { redactSecretText } from "./redaction/secret-text.ts";
export { redactSecrets } from "./redaction/secret-value.ts";
export { redactDocument, type RedactedDocument } from "./redaction/document.ts";
export { BUNDLE_FILES, type BundleMode, type InventoryItem } from "./review/bundle-files.ts";
export { buildReviewBundle, type BuiltBundle, type BundleSource } from "./review/build-bundle.ts";
export { checkReviewRecord } from "./review/compare-record.ts";
export { lifecycleFidelity, type LifecycleFidelity, type RoleTarget } from "./review/lifecycle-fidelity.ts";
export { REVIEW_CHECKS, worstOf, type ReviewCheck, type ReviewVerdict } from "./review/review-checks.ts";
export { verifyReviewBundle, type BundleReview, type ReviewBundle } from "./review/review-bundle.ts";
export { reviewLine, reviewReport } from "./review/review-report.ts";
export { reviewLifecycle, type ReviewInput, type ReviewRecord } from "./review/review-record.ts";
export { checkEvidenceChain, type EvidenceChain, type EvidenceReviewSummary } from "./evidence-review/chain.ts";
export { qualifyClaim, verdictOver, type QualificationInput } from "./evidence-review/qualify.ts";
export {
  CLAIM_TYPES,
  EVIDENCE_VERDICTS,
  parseEvidenceClaim,
  parseEvidenceQualification,
  parseEvidenceRequirement,
  parseEvidenceReviewResult,
  QUALIFICATION_RESULTS,
  type EvidenceClaim,
  type EvidenceQualification,
  type EvidenceRequirement,
  type EvidenceReviewResult,
} from "./evidence-review/records.ts";
export { PUBLIC_REDACTION_POLICY, redactForPublic, type DisclosedRedaction } from "./artifacts/disclosed-redaction.ts";
export {
  COVERAGE_KEYS,
  COVERAGE_LEVELS,
  DISCLOSURE_STATUSES,
  parseDisclosure,
  publicPathLabel,
  raiseDisclosure,
  type CoverageLevel,
  type Disclosure,
  type DisclosureStatus,
} from "./redaction/disclosure.ts";
export { securityHelper } from "./actions/security-helpers.ts";
