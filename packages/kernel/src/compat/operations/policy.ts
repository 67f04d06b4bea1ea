import { compilePolicyPack, policyPackDigest } from "../../policy-pack/compile.ts";
import { evaluatePolicyPack, policyVerdictDigest } from "../../policy-pack/evaluate.ts";
import { parseGovernanceRequest } from "../../governance/request.ts";
import { instantMs } from "../../governance/v1-record.ts";
import { checkPolicyActivation, parsePolicyActivation } from "../../policy-pack/activation.ts";
import { isExactRecord, member, memberOrNull, textOrEmpty } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "policy.compile": recordOperation((input) => {
    const pack = compilePolicyPack(input);
    const rule_order = pack.rules.map(({ rule_id }) => rule_id);
    return { status: "compiled", policy_pack_digest: policyPackDigest(pack), rule_order };
  }),
  "policy.evaluate": recordOperation((input) => {
    const [pack, context] = [compilePolicyPack(memberOrNull(input, "policy_pack")), member(input, "context")];
    const verdict = evaluatePolicyPack(pack, memberOrNull(input, "request"), isExactRecord(context) ? context : {});
    return { verdict, digest: policyVerdictDigest(verdict) };
  }),
  "policy.activation_check": recordOperation((input) => {
    const binding = member(input, "policy_activation_binding");
    // A case that carries a binding and nothing else asks for the binding's own form.
    if (isExactRecord(input) && Object.keys(input).join() === "policy_activation_binding")
      return parsePolicyActivation(binding).status;
    const { policy_pack: pack, policy_epoch: policyEpoch } = parseGovernanceRequest(
      member(input, "governance_request"),
    );
    const now = textOrEmpty(input, "evaluated_at");
    const nowMs = instantMs(now, "governance_evaluation_time_timezone_required");
    const activation = parsePolicyActivation(binding);
    checkPolicyActivation(activation, { pack, policyEpoch, nowMs });
    return activation.status;
  }),
};
