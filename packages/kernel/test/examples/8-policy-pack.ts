import {
  cedarPolicies,
  compilePolicyPack,
  evaluatePolicyPack,
  planEnforcement,
  policyBaseline,
} from "@writ/kernel/governance";

/** A shipped pack; yours comes from a file, signed and activated. */
const pack = compilePolicyPack(
  policyBaseline("governed-runtime", {
    issuer_ref: "organization:acme",
    policy_epoch: 1,
    validity: { not_before: "2026-01-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" },
  }),
);

/** The last argument is your own context, which a request cannot set. */
const judge = (mode: string) =>
  evaluatePolicyPack(pack, { request_id: "q-1", subject_ref: "run:1", action: { mode } }, {});

export const read = planEnforcement(pack, judge("read"));
export const apply = planEnforcement(pack, judge("apply"));

/** The same pack for the policy engine; what Cedar has no exact word for is refused. */
export const cedar = cedarPolicies(pack);
