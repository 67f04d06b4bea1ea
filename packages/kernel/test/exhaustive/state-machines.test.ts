import { describe, expect, test } from "vitest";
import {
  ANY_RUN_STATES,
  applyRuntimeAction,
  ARTIFACT_LIFECYCLE_STATES,
  isFinal,
  LEASE_EVENTS,
  leaseTransition,
  LIFECYCLE_EVENTS,
  LIFECYCLE_ROLES,
  lifecycleGate,
  nextRunStates,
  nextStages,
  ORCHESTRATION_STAGES,
  parseArtifactStates,
  RUNTIME_ACTIONS,
  stateAfterAction,
  transition,
  type AnyRunState,
  type ArtifactLifecycleState,
  type LeaseState,
  type LifecycleState,
  type OrchestrationStage,
  type RuntimeActionName,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";
import { deadEnds, explore, type Step } from "./explore.ts";

/** Every sequence of up to this many steps is covered. */
const DEPTH = 8;

/** A table written out by hand, `from label>to …` a line: the test's own copy of what is legal. */
function written(text: string): ReadonlyMap<string, string> {
  const rows = text
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/));
  return new Map(
    rows.flatMap(([from, ...ways]) =>
      ways.map((way) => {
        const [label = "", to = ""] = way.split(">");
        return [`${from ?? ""} ${label}`, to] as const;
      }),
    ),
  );
}

interface Machine<State extends string> {
  readonly starts: readonly State[];
  readonly labels: readonly string[];
  /** What the product answers; null where it refuses. */
  readonly take: (state: State, label: string) => State | null;
  readonly legal: ReadonlyMap<string, string>;
  readonly ends: readonly State[];
  /** All states, and those no sequence can reach. */
  readonly all: readonly State[];
  readonly unreached: readonly State[];
}

function describeMachine<State extends string>(name: string, machine: Machine<State>): void {
  const { starts, labels, take, legal, ends, all, unreached } = machine;
  const steps = (state: State): readonly Step<State>[] =>
    labels.flatMap((label) => {
      const next = take(state, label);
      return next === null ? [] : [{ label, next }];
    });

  describe(name, () => {
    const explored = explore(starts, steps, DEPTH);
    const reached = [...explored.states.values()].map(({ state }) => state);

    test("takes exactly the steps that are written down, from every state", () => {
      const taken = all.flatMap((state) =>
        labels.flatMap((label) => {
          const next = take(state, label);
          return next === null ? [] : [[`${state} ${label}`, next] as const];
        }),
      );
      expect(new Map(taken)).toEqual(legal);
    });

    test(`has no dead end within ${String(DEPTH)} steps, and ends where it should`, () => {
      expect(deadEnds(reached, steps, (state) => ends.includes(state))).toEqual([]);
      expect(all.filter((state) => steps(state).every(({ next }) => next === state)).toSorted()).toEqual(
        [...ends].toSorted(),
      );
    });

    test("reaches every state but those in which it can only begin", () => {
      expect(all.filter((state) => !reached.includes(state)).toSorted()).toEqual([...unreached].toSorted());
    });
  });
}

describeMachine<LifecycleState>("the life of an action", {
  starts: ["open", "held", "denied", "not_evaluated"],
  labels: LIFECYCLE_EVENTS,
  take: (state, event) => {
    const answer = transition(state, event as (typeof LIFECYCLE_EVENTS)[number]);
    return answer.ok ? answer.state : null;
  },
  legal: written(`
    open     redeemed>running succeeded>executed failed>failed revoked>revoked held_again>held expired>expired
    held     approved>held released>released rejected>rejected expired>expired revoked>revoked held_again>held
    released redeemed>running succeeded>executed failed>failed revoked>revoked held_again>held expired>expired
    running  succeeded>executed failed>failed
  `),
  ends: ["executed", "failed", "rejected", "expired", "revoked", "denied", "not_evaluated"],
  all: [
    "open",
    "held",
    "released",
    "running",
    "executed",
    "failed",
    "rejected",
    "expired",
    "revoked",
    "denied",
    "not_evaluated",
  ],
  unreached: [],
});

test("an action that ended takes nothing, whatever happens", () => {
  const ends: readonly LifecycleState[] = ["executed", "failed", "rejected", "expired", "revoked"];
  for (const end of ends) {
    expect(isFinal(end)).toBe(true);
    for (const event of LIFECYCLE_EVENTS) expect(transition(end, event)).toMatchObject({ ok: false, refusal: "final" });
  }
});

/** Recorded transitions and operators' actions together; a recorded one is labelled `to:<state>`. */
describeMachine<AnyRunState>("a governed run, recorded and operated", {
  starts: ["new"],
  labels: [...ANY_RUN_STATES.map((state) => `to:${state}`), ...Object.keys(RUNTIME_ACTIONS)],
  take: (state, label) => {
    if (!label.startsWith("to:"))
      return label === "record_only" ? null : stateAfterAction(state, label as RuntimeActionName);
    const to = label.slice(3) as AnyRunState;
    return nextRunStates(state).includes(to) ? to : null;
  },
  legal: written(`
    new              to:admitted>admitted to:blocked>blocked stop>stopped cancel>cancelled
    admitted         to:policy_checked>policy_checked to:blocked>blocked replan>new stop>stopped cancel>cancelled
    policy_checked   to:trust_checked>trust_checked to:blocked>blocked replan>new stop>stopped cancel>cancelled
    trust_checked    to:gated>gated to:blocked>blocked replan>new stop>stopped cancel>cancelled
    gated            to:running_dry_run>running_dry_run to:paused>paused to:blocked>blocked start>running
    gated            degrade_to_dry_run>running_dry_run pause>paused cooldown>cooldown replan>new stop>stopped cancel>cancelled
    running          to:receipt_recorded>receipt_recorded to:paused>paused to:blocked>blocked pause>paused
    running          cooldown>cooldown degrade_to_dry_run>running_dry_run stop>stopped cancel>cancelled
    running_dry_run  to:receipt_recorded>receipt_recorded to:paused>paused to:blocked>blocked pause>paused
    running_dry_run  cooldown>cooldown stop>stopped cancel>cancelled
    receipt_recorded to:completed>completed to:blocked>blocked archive>completed
    paused           to:gated>gated to:blocked>blocked resume>gated replan>new stop>stopped cancel>cancelled
    cooldown         to:gated>gated to:blocked>blocked resume>gated replan>new stop>stopped cancel>cancelled
    stopped          to:blocked>blocked retry>new archive>completed cancel>cancelled
    cancelled        archive>completed
    blocked          to:admitted>admitted cancel>cancelled
  `),
  ends: ["completed"],
  all: ANY_RUN_STATES,
  unreached: [],
});

test("nothing runs that has not come through the gate since it last began or stopped", () => {
  const ways = (state: AnyRunState): readonly AnyRunState[] => [
    ...nextRunStates(state),
    ...Object.keys(RUNTIME_ACTIONS).flatMap((action) => stateAfterAction(state, action as RuntimeActionName) ?? []),
  ];
  const before = ANY_RUN_STATES.filter((state) => state !== "running" && ways(state).includes("running"));
  expect(before).toEqual(["gated"]);
  const dry = ANY_RUN_STATES.filter((state) => state !== "running_dry_run" && ways(state).includes("running_dry_run"));
  expect(dry).toEqual(["gated", "running"]);
});

test("an operator's illegal action is refused by name, and a legal one never", () => {
  for (const state of ANY_RUN_STATES) {
    for (const action of Object.keys(RUNTIME_ACTIONS) as RuntimeActionName[]) {
      const refusal = refusalOf(() =>
        applyRuntimeAction({ run_id: "r", state, blockers: [] }, { run_id: "r", action }),
      );
      const legal = stateAfterAction(state, action) !== null;
      expect(refusal).toBe(legal ? undefined : `illegal_control_action:${state}:${action}`);
    }
  }
});

const everyRole = parseArtifactStates(
  [...LIFECYCLE_ROLES, "intent_contract", "policy_decision", "evidence_contract", "artifact_chain_manifest"].map(
    (role) => ({
      role,
    }),
  ),
);

describeMachine<ArtifactLifecycleState>("a chain of artifacts that are all there", {
  starts: ["missing", "blocked"],
  labels: ARTIFACT_LIFECYCLE_STATES.map((state) => `to:${state}`),
  take: (state, label) => {
    const gate = lifecycleGate(state, label.slice(3), everyRole);
    return ARTIFACT_LIFECYCLE_STATES.find((known) => gate.allowed && known === gate.to_state) ?? null;
  },
  legal: written(`
    missing                     to:intent_prepared>intent_prepared
    intent_prepared             to:policy_decided>policy_decided
    policy_decided              to:execution_contract_prepared>execution_contract_prepared
    execution_contract_prepared to:execution_ticket_approved>execution_ticket_approved
    execution_ticket_approved   to:execution_receipt_recorded>execution_receipt_recorded
    execution_receipt_recorded  to:evidence_recorded>evidence_recorded
    evidence_recorded           to:verified_chain>verified_chain
    verified_chain              to:verified_lifecycle>verified_lifecycle
    blocked                     to:intent_prepared>intent_prepared to:policy_decided>policy_decided
    blocked                     to:execution_contract_prepared>execution_contract_prepared
    blocked                     to:execution_ticket_approved>execution_ticket_approved to:verified_chain>verified_chain
  `),
  ends: ["verified_lifecycle"],
  all: ARTIFACT_LIFECYCLE_STATES,
  unreached: [],
});

describeMachine<OrchestrationStage>("the stages of an orchestration", {
  starts: ["admission"],
  labels: ORCHESTRATION_STAGES.map((stage) => `to:${stage}`),
  take: (stage, label) => nextStages(stage).find((next) => `to:${next}` === label) ?? null,
  legal: written(`
    admission            to:policy_check>policy_check
    policy_check         to:trust_check>trust_check
    trust_check          to:runner_gate>runner_gate
    runner_gate          to:between_step_control>between_step_control to:receipt_review>receipt_review
    between_step_control to:between_step_control>between_step_control to:receipt_review>receipt_review
    receipt_review       to:profile_handoff>profile_handoff
  `),
  ends: ["profile_handoff"],
  all: ORCHESTRATION_STAGES,
  unreached: [],
});

describeMachine<LeaseState>("a runner's lease", {
  starts: ["active"],
  labels: LEASE_EVENTS,
  take: (state, event) => leaseTransition(state, event as (typeof LEASE_EVENTS)[number]),
  legal: written(`
    active  released>released expired>expired superseded>blocked
    blocked released>released expired>expired
  `),
  ends: ["released", "expired"],
  all: ["active", "blocked", "released", "expired"],
  unreached: [],
});
