import { canonicalize, compareCodeUnits, parseJson } from "@writ/canon";
import { diffPolicySets, loadPolicySet } from "@writ/policy";
import type { PolicySet } from "@writ/policy";

import type { Context } from "../context.ts";
import type { PoliciesView, PolicyChangeView, StatusView } from "../documents.ts";
import { concurrentChange, engineError } from "../errors.ts";
import { SCHEMA_NAME } from "../offered-policies.ts";
import type { PolicySetSource } from "../policy-port.ts";
import type { Caller } from "../port.ts";
import { requireOperator, requireReader } from "../rights.ts";
import { settleAll } from "../settle-all.ts";

export async function policies(context: Context, caller: Caller): Promise<PoliciesView> {
  requireReader(caller, "read the policies");
  await context.refresh();
  return policiesView(context);
}

async function policiesView(context: Context): Promise<PoliciesView> {
  const { views, decisions } = context;
  const { set } = decisions;
  return {
    ...(await policyState(context)),
    policy_engine: set.engine,
    files: set.sources.map(({ name }) => name),
    policies: set.policies.map(({ id, effect, text }) => ({ id, effect, text })),
    activated_at: views.projection.policySet(set.digest)?.at ?? null,
  };
}

/** Which set decides, and whether the folder holds another one by now. */
export async function policyState({ decisions, offered }: Context): Promise<StatusView["policies"]> {
  const { digest } = decisions.set;
  const pending = await offered.besides(digest);
  return {
    state: pending === null ? "active" : "pending",
    policy_digest: digest,
    pending_digest: pending?.digest ?? null,
    pending_error: pending?.error ?? null,
  };
}

/** What activating a set would change; nothing is recorded. */
export async function planPolicies(
  context: Context,
  caller: Caller,
  source: PolicySetSource,
): Promise<PolicyChangeView> {
  requireOperator(caller, "activate policies");
  const after = await loadSource(source);
  await context.refresh();
  const before = context.decisions.set;
  const { added, removed, changed, schemaChanged } = diffPolicySets(before, after);
  const textOf = (set: PolicySet, id: string): string | null => set.policies.find((one) => one.id === id)?.text ?? null;
  return {
    policy_digest: after.digest,
    replaces: before.digest,
    policies: after.policies.length,
    schema_changed: schemaChanged,
    warnings: after.warnings,
    changes: [...added, ...removed, ...changed]
      .toSorted(compareCodeUnits)
      .map((id) => ({ id, before: textOf(before, id), after: textOf(after, id) })),
  };
}

/** Pins another set: its full text goes into the log, and what may still happen is decided again under it. */
export async function activatePolicies(
  context: Context,
  caller: Caller,
  source: PolicySetSource,
  expected: { readonly digest?: string; readonly replaces?: string } = {},
): Promise<PoliciesView> {
  requireOperator(caller, "activate policies");
  const set = await loadSource(source);
  if (expected.digest !== undefined && expected.digest !== set.digest) throw concurrentChange("the policy set");
  await context.refresh();
  const deciding = context.decisions.set.digest;
  if (expected.replaces !== undefined && expected.replaces !== deciding) throw concurrentChange("the policy set");
  if (context.views.projection.policyPin()?.policy_digest !== set.digest) {
    const pinned = await pinPolicies(context, caller, set, source);
    if (!pinned) throw concurrentChange("the policy set");
  }
  context.adopt(set);
  context.offered.offer(set);
  await settleAll(context, caller.tenant);
  return policiesView(context);
}

/**
 * Writes `policy.changed`; the guard is the pin it follows, so of two activations at once one counts. False when this
 * is the other one.
 */
export async function pinPolicies(
  context: Pick<Context, "views" | "journal">,
  caller: Caller | undefined,
  set: PolicySet,
  source: PolicySetSource,
): Promise<boolean> {
  const before = context.views.projection.policyPin();
  const { origin, schema, files } = source;
  const draft = {
    kind: "policy.changed",
    impersonal: true,
    data: {
      policy_digest: set.digest,
      policy_engine: set.engine,
      files: files.map(({ name }) => name),
      policies: set.policies.length,
    },
    private: { set: canonicalize({ origin, schema, files: files.map(({ name, text }) => ({ name, text })) }) },
  } as const;
  const scope = { tenant: caller?.tenant ?? "local", ...(caller !== undefined && { caller }) };
  const written = await context.journal.write(scope, [draft], [`policy:after:${before?.index ?? "none"}`]);
  return written.ok;
}

export function loadSource({ schema, files }: PolicySetSource): Promise<PolicySet> {
  return loadPolicySet({ policies: files, schema: { name: SCHEMA_NAME, text: schema } });
}

/** The set a `policy.changed` entry pinned, from the log alone. Throws `POLICY_NOT_PINNED` once its text is gone. */
export async function readPinnedSet(context: Pick<Context, "ledger">, index: number): Promise<PolicySet> {
  const opened = await context.ledger.openPrivate(index, "set");
  if (opened === undefined) {
    throw engineError({
      code: "POLICY_NOT_PINNED",
      message: "the text of the pinned policy set is not in the log any more",
      reason: "decisions need the very set that was activated",
      next: "activate a policy set",
    });
  }
  return loadRecordedSet(opened.content);
}

/** The set of a `policy.changed` entry, from its private field `set`. Throws what loading it throws. */
export function loadRecordedSet(content: Uint8Array): Promise<PolicySet> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is no set of policies, loading refuses
  return loadSource(parseJson(content, { maxBytes: content.length }) as unknown as PolicySetSource);
}
