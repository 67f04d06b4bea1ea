import { canonicalize, sha256Hex, type JsonValue } from "@writ/canon";
import type { CompiledAction } from "../actions/compile-action.ts";
import type { PlannedStep } from "../actions/execution-plan.ts";
import type { GatewayVerdict } from "../actions/policy-gateway.ts";
import { credentialUses } from "../command/credential-policy.ts";
import { shapeHosts } from "../domain-scope/word-hosts.ts";
import { inside, refuse, type Place } from "../fields.ts";
import { secretSpans } from "../redaction/secret-text.ts";
import { decorateArguments } from "./decorate-arguments.ts";
import type { RequestDecoration } from "./decoration.ts";
import {
  PREPARED_SPEC_VERSION,
  readPrepared,
  type CredentialsSnapshot,
  type PreparedSpec,
  type SpecStep,
} from "./prepared-record.ts";
import { holdsSecretMark } from "./secret-reference.ts";
import { checkBody, hostHygiene } from "./spec-body.ts";
import { SPEC_PLACE } from "./spec-fields.ts";

export interface Preparation {
  readonly verdict: GatewayVerdict;
  readonly decoration: RequestDecoration;
  readonly credentials: CredentialsSnapshot;
}

/**
 * Prepares what the gateway passed. Throws `EXECUTION_SPEC_INVALID` for what it did not pass, for a step that waits for
 * another's output, and for a secret in clear (spec kernel.md §27 no. 30).
 */
export function prepareSpec({ verdict, decoration, credentials }: Preparation): PreparedSpec {
  if (!verdict.pass) throw refuse(SPEC_PLACE, `cannot be prepared: \`${verdict.reason}\``);
  const { compiled } = verdict;
  const plan = compiled.execution_plan.map((step, index) => specStepOf(step, decoration, index));
  const hosts = shapeHosts([compiled.target]);
  const facts = { target: compiled.target, target_host: hosts[0] ?? "", target_in_scope: compiled.target !== "" };
  return parsePreparedSpec({
    spec_version: PREPARED_SPEC_VERSION,
    ...facts,
    ...compiledFacts(compiled),
    resolved_tool: plan[0]?.tool ?? "",
    normalized_args: plan[0]?.args ?? [],
    stdin: plan[0]?.stdin ?? "",
    execution_plan: plan,
    request_decoration: decoration,
    ...hostHygiene(compiled.target, plan),
    scope_facts: facts,
    credentials_policy_snapshot: credentials,
  } as unknown as JsonValue);
}

/** Reads a prepared spec strictly, and refuses one whose parts contradict each other. Throws `EXECUTION_SPEC_INVALID`. */
export function parsePreparedSpec(value: JsonValue): PreparedSpec {
  const spec = readPrepared(value, SPEC_PLACE);
  checkBody(spec, SPEC_PLACE);
  return spec;
}

/** SHA-256 of the RFC 8785 bytes, 64 lower-case hex digits; the version within parts it from other records. */
export function preparedSpecDigest(spec: PreparedSpec): string {
  return sha256Hex(canonicalize(spec as unknown as JsonValue));
}

/** Reads the spec that a digest names, and no other. */
export function openPreparedSpec(value: JsonValue, digest: string): PreparedSpec {
  const spec = parsePreparedSpec(value);
  if (preparedSpecDigest(spec) !== digest) throw refuse(SPEC_PLACE, "is not the spec that its digest names");
  return spec;
}

function specStepOf(
  { tool, role, args, stdin, input }: PlannedStep,
  decoration: RequestDecoration,
  index: number,
): SpecStep {
  const at = inside(SPEC_PLACE, `execution_plan.${String(index)}`);
  if (input !== "given") throw refuse(inside(at, "stdin"), "is not known before the step before it has run");
  for (const [place, argument] of args.entries()) refuseSecret(argument, inside(at, `args.${String(place)}`));
  refuseSecret(stdin, inside(at, "stdin"));
  if (Object.values(credentialUses(tool, args)).includes(true))
    throw refuse(inside(at, "args"), "holds credentials in clear; name them in the decoration");
  return { tool, role, args: decorateArguments(tool, args, decoration), stdin };
}

/** A planner neither writes a secret down nor asks for one: only the decoration names them. */
function refuseSecret(text: string, at: Place): void {
  if (holdsSecretMark(text)) throw refuse(at, "asks for a secret");
  if (secretSpans(text).length > 0) throw refuse(at, "holds a secret in clear; name it in the decoration");
}

function compiledFacts(compiled: CompiledAction): object {
  return {
    action_type: compiled.action_type,
    capability: compiled.capability,
    task_family: compiled.task_family,
    execution_mode: compiled.execution_mode,
    resolved_planner_profiles: compiled.resolved_planner_profiles,
    tool_candidates: compiled.tool_candidates,
    compiler: {
      compiler_strategy: compiled.compiler_strategy,
      compiler_tool_choice: compiled.compiler_tool_choice,
      compiler_tool_choice_source: compiled.compiler_tool_choice_source,
      compiler_variant_count: compiled.compiler_variant_count,
      recipe_name: compiled.recipe_name,
      semantic_loss_detected: compiled.semantic_loss_detected,
      normalization_reason: compiled.normalization_reason,
      semantic_loss_policy: compiled.semantic_loss_policy,
    },
  };
}
