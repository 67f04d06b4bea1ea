import type { ExactJson } from "@writ/canon";
import { parseArguments } from "../../command/argv.ts";
import { recordRefusal } from "../../control/record-refusal.ts";
import { isHostInScope, parseScopeDomains, type ScopeDomains } from "../../domain-scope/domains.ts";
import { parseFidelityInput, scopeFidelity } from "../../domain-scope/fidelity.ts";
import { evaluateScopePolicy } from "../../domain-scope/scope-policy.ts";
import { isExactRecord, member, textMember, type ExactRecord } from "../exact-record.ts";
import { kernelRecordDigest } from "../record-digest.ts";
import { answered, type Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "scope.load_domains": recordOperation((input) => parseScopeDomains(typeof input === "string" ? input : "")),
  "scope_policy.evaluate": recordOperation((input) => {
    const decision = evaluateScopePolicy(member(input, "requested_scope"), member(input, "scope_policy_binding"));
    const record = { ...decision };
    return {
      decision: record,
      digest: kernelRecordDigest({ recordType: "govengine.scope_policy.ScopeDecision", record }),
    };
  }),
  "scope.host_in_scope": (input) =>
    answered(
      isHostInScope(textMember(input, "host") ?? "", domainsOf(member(input, "domains")) ?? parseScopeDomains("")),
    ),
  "scope.fidelity_report": (input) => {
    const asked = parseFidelityInput(input);
    const words = [...asked.args, ...asked.plan.flatMap(({ args, stdin }) => [...args, ...stdin.split(/\r?\n/)])];
    // Hosts of URLs that the reference overlooks: without a dot, in brackets, or behind a user.
    const overlooked = words.some((word) => /:\/\/(?:[^/]*@|\[|[^./]*(?:\/|$))/.test(word));
    const report: ExactRecord = { ...scopeFidelity(asked) };
    return { ok: true, value: report, ...(overlooked && { stricter: 14 }) };
  },
};

/** Domains in the form `scope.load_domains` answers; nothing there is no policy. */
export function domainsOf(value: ExactJson | undefined): ScopeDomains | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isExactRecord(value)) throw recordRefusal("invalid_scope_domains", 12);
  return {
    exact: parseArguments(member(value, "exact")),
    suffix: parseArguments(member(value, "suffix")),
    exclude_exact: parseArguments(member(value, "exclude_exact")),
    exclude_suffix: parseArguments(member(value, "exclude_suffix")),
  };
}
