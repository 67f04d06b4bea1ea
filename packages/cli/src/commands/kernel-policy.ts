import { isWritError, WritError, type ExactJson } from "@writ/canon";
import { scliteTextV01, type ExactRecord } from "@writ/kernel";
import {
  cedarPolicies,
  compilePolicyPack,
  explainPolicyPack,
  governanceRequestDigest,
  governanceSubjectDigest,
  parseGovernanceRequest,
  planEnforcement,
  POLICY_BASELINES,
  policyBaseline,
  policyPackDigest,
} from "@writ/kernel/governance";
import { outputFor, type CommonOptions } from "../command.ts";
import { readExact } from "./kernel-files.ts";

/** `writ kernel policy compile <pack.json>`: the pack's digest, and its rules in the order they are judged in. */
export function compile(file: string, options: CommonOptions): Promise<number> {
  const pack = accepted(() => compilePolicyPack(readExact(file)));
  if (typeof pack === "string") return refused(pack, options);
  const [digest, rule_order] = [policyPackDigest(pack), pack.rules.map(({ rule_id }) => rule_id)];
  const result = { status: "compiled", policy_id: pack.policy_id, policy_pack_digest: digest, rule_order };
  outputFor(options).result(result, () => [`${digest}  ${pack.policy_id} ${pack.version}`, ...rule_order]);
  return Promise.resolve(0);
}

/**
 * `writ kernel policy evaluate <pack.json> <request.json>`: the verdict, and how a runtime would enforce it. 0 when the
 * pack allows and everything can be enforced, else 3.
 */
export function evaluate(
  packFile: string,
  requestFile: string,
  options: CommonOptions & { readonly context?: string },
): Promise<number> {
  const pack = compilePolicyPack(readExact(packFile));
  const context = options.context === undefined ? {} : contextOf(readExact(options.context), options.context);
  const { verdict, deciding_rule, rules, invariants } = explainPolicyPack(pack, readExact(requestFile), context);
  const plan = planEnforcement(pack, verdict);
  const why = { invariants: { ...invariants }, deciding_rule, rules: rules as unknown as ExactJson };
  const shown = { verdict: { ...verdict }, why, plan: { ...plan, controls: { ...plan.controls } } };
  outputFor(options).result(JSON.parse(scliteTextV01(shown)) as object, () => [
    `${verdict.decision}  ${verdict.reason_code}  ${verdict.risk_class}`,
    ...rules.filter(({ matched }) => matched).map(({ rule_id, effect }) => `matched  ${effect} ${rule_id}`),
    `${plan.status}  ${plan.reason_code}`,
  ]);
  return Promise.resolve(plan.status === "ready" ? 0 : 3);
}

/** `writ kernel policy cedar <pack.json>`: the pack as Cedar policies, or why it has no exact translation. */
export function cedar(file: string, options: CommonOptions): Promise<number> {
  const text = cedarPolicies(compilePolicyPack(readExact(file)));
  outputFor(options).result({ cedar: text }, () => text.trimEnd().split("\n"));
  return Promise.resolve(0);
}

/** `writ kernel policy baseline <name>`: a shipped pack, ready to be edited and compiled. */
export function baseline(
  name: string,
  options: CommonOptions & { readonly issuer: string; readonly from: string; readonly until: string },
): Promise<number> {
  if (!POLICY_BASELINES.some((known) => known === name)) throw unknownBaseline(name);
  const validity = { not_before: options.from, expires_at: options.until };
  const pack = policyBaseline(name, { issuer_ref: options.issuer, policy_epoch: 0, validity });
  compilePolicyPack(pack);
  outputFor(options).result(pack, () => JSON.stringify(pack, undefined, 2).split("\n"));
  return Promise.resolve(0);
}

/** `writ kernel request check <request.json>`: a governance request whose parts agree, and what an approver says yes to. */
export function checkRequest(file: string, options: CommonOptions): Promise<number> {
  const request = accepted(() => parseGovernanceRequest(readExact(file)));
  if (typeof request === "string") return refused(request, options);
  const result = {
    status: "valid",
    transaction_id: request.transaction_id,
    subject_digest: governanceSubjectDigest(request),
    request_digest: governanceRequestDigest(request),
  };
  outputFor(options).result(result, () => [
    `valid  ${request.transaction_id}`,
    `subject ${result.subject_digest}`,
    `request ${result.request_digest}`,
  ]);
  return Promise.resolve(0);
}

/** What was read, or the reason it is refused for: that a document is at fault is an answer here. */
function accepted<Value extends object>(read: () => Value): Value | string {
  try {
    return read();
  } catch (error) {
    if (!isWritError(error, "GOVERNANCE_RECORD_INVALID")) throw error;
    return String(error.details["reason"]);
  }
}

function refused(reason_code: string, options: CommonOptions): Promise<number> {
  outputFor(options).result({ status: "refused", reason_code }, () => [`refused  ${reason_code}`]);
  return Promise.resolve(1);
}

function contextOf(value: ExactJson, file: string): ExactRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ExactRecord;
  throw new WritError({
    code: "USAGE",
    message: `\`${file}\` is no context`,
    reason: "a host's context is one JSON object",
    next: "give a file of that form",
  });
}

function unknownBaseline(name: string): WritError {
  return new WritError({
    code: "USAGE",
    message: `there is no baseline \`${name}\``,
    reason: `the baselines are ${POLICY_BASELINES.join(", ")}`,
    next: "writ kernel policy baseline --help",
  });
}
