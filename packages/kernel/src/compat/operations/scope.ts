import type { ExactJson } from "@writ/canon";
import { parseArguments } from "../../command/argv.ts";
import { recordRefusal } from "../../control/record-refusal.ts";
import { isHostInScope, parseScopeDomains, type ScopeDomains } from "../../domain-scope/domains.ts";
import { parseFidelityInput } from "../../domain-scope/fidelity-input.ts";
import { plainFidelity, scopeFidelity } from "../../domain-scope/fidelity.ts";
import { evaluateScopePolicy, scopeDecisionDigest } from "../../domain-scope/scope-policy.ts";
import { isExactRecord, member, textOrEmpty } from "../exact-record.ts";
import { answered, type Operations } from "./operation.ts";
import { attempted, recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "scope.load_domains": recordOperation((input) => {
    if (input !== null && typeof input !== "string") throw recordRefusal("invalid_scope_text", 12);
    return parseScopeDomains(input ?? "");
  }),
  "scope_policy.evaluate": recordOperation((input) => {
    const decision = evaluateScopePolicy(member(input, "requested_scope"), member(input, "scope_policy_binding"));
    return { decision, digest: scopeDecisionDigest(decision) };
  }),
  "scope.host_in_scope": (input) =>
    attempted(() => {
      const domains = domainsOf(member(input, "domains")) ?? parseScopeDomains("");
      return answered(isHostInScope(textOrEmpty(input, "host"), domains));
    }),
  "scope.fidelity_report": (input) =>
    attempted(() => {
      const asked = parseFidelityInput(input);
      const [report, reference] = [scopeFidelity(asked), plainFidelity(asked)];
      const same = JSON.stringify(report) === JSON.stringify(reference);
      return { ok: true, value: { ...report }, ...(!same && { stricter: 14 }) };
    }),
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
