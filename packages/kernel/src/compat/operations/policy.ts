import { compilePolicyPack, policyPackDigest } from "../../policy-pack/compile.ts";
import { evaluatePolicyPack, policyVerdictDigest } from "../../policy-pack/evaluate.ts";
import { isExactRecord, member } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "policy.compile": recordOperation((input) => {
    const pack = compilePolicyPack(input);
    const rule_order = pack.rules.map(({ rule_id }) => rule_id);
    return { status: "compiled", policy_pack_digest: policyPackDigest(pack), rule_order };
  }),
  "policy.evaluate": recordOperation((input) => {
    const [pack, context] = [compilePolicyPack(member(input, "policy_pack") ?? null), member(input, "context")];
    const verdict = evaluatePolicyPack(pack, member(input, "request") ?? null, isExactRecord(context) ? context : {});
    return { verdict, digest: policyVerdictDigest(verdict) };
  }),
};
