import { describe, expect, test } from "vitest";
import { isFinal, LIFECYCLE_EVENTS, LIFECYCLE_STATES, transition } from "@writ/kernel";

/** The whole table, written out: state, event, next state. Whatever is not here is refused. */
const ALLOWED = `
  open     redeemed   running
  open     succeeded  executed
  open     failed     failed
  open     revoked    revoked
  open     held_again held
  open     expired    expired
  held     approved   held
  held     released   released
  held     rejected   rejected
  held     expired    expired
  held     revoked    revoked
  held     held_again held
  released redeemed   running
  released succeeded  executed
  released failed     failed
  released revoked    revoked
  released held_again held
  released expired    expired
  running  succeeded  executed
  running  failed     failed
`;
const FINAL = ["executed", "failed", "rejected", "expired", "revoked", "denied", "not_evaluated"];

describe("the life of an action", () => {
  const rows = new Map(
    ALLOWED.trim()
      .split("\n")
      .map((row) => row.trim().split(/\s+/))
      .map(([from, event, to]) => [`${from ?? ""} ${event ?? ""}`, to]),
  );

  test.each(LIFECYCLE_STATES.flatMap((state) => LIFECYCLE_EVENTS.map((event) => [state, event] as const)))(
    "%s, %s",
    (state, event) => {
      const next = rows.get(`${state} ${event}`);
      const refusal = FINAL.includes(state) ? "final" : "illegal";
      expect(transition(state, event)).toEqual(
        next === undefined ? { ok: false, refusal, from: state } : { ok: true, state: next },
      );
    },
  );

  test("final states are exactly those that nothing leaves", () => {
    expect(LIFECYCLE_STATES.filter(isFinal).toSorted()).toEqual(FINAL.toSorted());
  });
});
