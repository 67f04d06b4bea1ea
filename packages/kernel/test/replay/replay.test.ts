import { expect, test } from "vitest";
import { evaluateReplay, parseReplayRecord } from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const base = { root_tag: "t", chain_id: "c", key_id: "k", root_chain_digest: "d", ticket_id: "i" };
const seen = (more: object, prior: object = {}, fresh = true): object =>
  evaluateReplay(parseReplayRecord({ ...base, ...more }), [parseReplayRecord({ ...base, ...prior })], fresh);

test.each([
  ["the same payload under a new root", { root_tag: "u" }, {}, "replayed_guarded_payload:d"],
  [
    "the same payload by chain when no ticket is named",
    { root_tag: "u", ticket_id: "" },
    { ticket_id: "" },
    "replayed_guarded_payload:d",
  ],
  ["the same root", { root_chain_digest: "" }, {}, "replayed_guard_root:t"],
  ["another key", { key_id: "z" }, {}, ""],
  ["another chain and payload", { chain_id: "z", root_chain_digest: "e" }, {}, ""],
])("%s", (_, more, prior, blocker) => {
  expect(seen(more, prior)).toMatchObject({ blocker, replay_status: blocker === "" ? "fresh" : "replayed" });
});

test("an observer is told of a replay and not blocked", () => {
  expect(seen({}, {}, false)).toMatchObject({ status: "allowed", replay_status: "seen", blocker: "", next_action: "" });
});

test.each(["root_tag", "chain_id", "key_id"])("a record without %s is refused", (key) => {
  expect(refusalOf(() => parseReplayRecord({ ...base, [key]: "" }))).toBe(`missing_${key}`);
});
