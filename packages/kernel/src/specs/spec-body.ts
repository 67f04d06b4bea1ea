import { semanticLoss } from "../actions/semantic-loss.ts";
import { scopeFidelity } from "../domain-scope/fidelity.ts";
import { shapeHosts } from "../domain-scope/word-hosts.ts";
import { inputLines } from "../domain-scope/hosts.ts";
import { inside, refuse, type Place } from "../fields.ts";
import type { HostHygiene, SpecBody, SpecStep } from "./prepared-record.ts";

/** What the reference says instead of §10.3's own reason when a spec names no host. */
const NO_HOSTS = "no_hosts_detected_in_prepared_shape";

/** Which hosts the commands speak of (spec kernel.md §12, §10.3); by their words alone. */
export function hostHygiene(target: string, plan: readonly SpecStep[]): HostHygiene {
  const args = plan[0]?.args ?? [];
  const {
    verdict: _verdict,
    target_host: _host,
    ...report
  } = scopeFidelity({ target, args, plan, targetInScope: true });
  return {
    ...report,
    ...(report.target_host_match_status === "none_detected" && { request_shape_hygiene_reason: NO_HOSTS }),
    arg_hosts_detected: shapeHosts(args),
    execution_plan_hosts_detected: shapeHosts(plan.flatMap((step) => [...step.args, ...inputLines(step.stdin)])),
  };
}

/** Refuses a spec whose parts contradict each other: what is derived is derived again, and compared. */
export function checkBody(body: SpecBody, at: Place): void {
  const [first] = body.execution_plan;
  const { target, target_host: host, target_in_scope: inScope, compiler } = body;
  compare(at, body, {
    ...readableHygiene(body, at),
    resolved_tool: first?.tool,
    normalized_args: first?.args,
    stdin: first?.stdin,
    scope_facts: { target, target_host: host, target_in_scope: inScope },
  });
  checkCredentials(body, inside(at, "request_decoration"));
  const meaning = {
    strategy: compiler.compiler_strategy,
    reason: compiler.normalization_reason,
    lossDetected: compiler.semantic_loss_detected,
    actionType: body.action_type,
    taskFamily: body.task_family,
  };
  compare(inside(at, "compiler"), compiler, { semantic_loss_policy: semanticLoss(meaning) });
}

/** What is added to requests is within what the campaign allows, as it is when a planner asks for it (spec kernel.md §11.4). */
function checkCredentials(
  { request_decoration: added, credentials_policy_snapshot: allowed }: SpecBody,
  at: Place,
): void {
  const uses = [
    ["headers", added.headers.some(({ secret_ref: reference }) => reference !== null), allowed.allow_auth_header],
    ["cookies", added.cookies.length > 0, allowed.allow_cookie_header],
    ["basic_auth", added.basic_auth !== null, allowed.allow_basic_auth],
  ] as const;
  for (const [part, used, permitted] of uses)
    if (used && !(permitted && allowed.credentials_owner_approved))
      throw refuse(inside(at, part), "adds credentials that the campaign does not allow");
}

function readableHygiene({ target, execution_plan: plan }: SpecBody, at: Place): HostHygiene & { target_host: string } {
  try {
    return { target_host: shapeHosts([target])[0] ?? "", ...hostHygiene(target, plan) };
  } catch (cause) {
    throw refuse(inside(at, "execution_plan"), "names a place that readers of URLs do not agree on", cause);
  }
}

/** Refuses the first field that is not what it should be. */
export function compare<T extends object>(
  at: Place,
  found: T,
  expected: { readonly [Key in keyof T]?: unknown },
): void {
  for (const name of Object.keys(expected) as (keyof T & string)[])
    if (sortedText(found[name]) !== sortedText(expected[name]))
      throw refuse(inside(at, name), "contradicts the rest of the spec");
}

/** One text for equal values; all of them were read by closed records. */
function sortedText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}
