import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateReplay, parseReplayRecord, replayKeys } from "@writ/kernel";

const name = fc.constantFrom("a", "b");
const sighting = fc
  .record({
    root_tag: name,
    chain_id: name,
    key_id: name,
    root_chain_digest: fc.constantFrom("", "a", "b"),
    ticket_id: fc.constantFrom("", "a", "b"),
  })
  .map((record) => parseReplayRecord(record));

test("two sightings share a key exactly when one is a replay of the other", () => {
  fc.assert(
    fc.property(sighting, sighting, (record, prior) => {
      const shared = !new Set(replayKeys(record)).isDisjointFrom(new Set(replayKeys(prior)));
      expect(shared).toBe(evaluateReplay(record, [prior], true).replay_status === "replayed");
    }),
    { numRuns: 2_000 },
  );
});

test("keys fit a unique column whatever their parts hold", () => {
  const record = parseReplayRecord({ root_tag: "x".repeat(9_999), chain_id: "\0|", key_id: "ż" });
  for (const key of replayKeys(record)) expect(key).toMatch(/^replay:(payload|root):[0-9a-f]{64}$/);
});
