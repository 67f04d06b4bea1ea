import { describe, expect, test } from "vitest";
import {
  blockedByStore,
  evaluateReplay,
  guardedReplay,
  parseReplayRecord,
  parseReplayStore,
  replayStore,
  verifyKernelGuard,
  type ReplayRecord,
} from "@writ/kernel";
import { buildKernelGuard } from "../../src/guard/build.ts";
import { sampleArtifacts, sampleChain } from "../artifacts/samples.ts";
import { refusalOf } from "../refusal.ts";

const key = new TextEncoder().encode("k".repeat(32));
const bundle = { chain_id: "c1", ticket_id: "ticket-1", run_id: "run-1" };

function verified(nonce: string): ReturnType<typeof verifyKernelGuard> {
  const { manifest, load } = sampleChain(sampleArtifacts());
  const built = buildKernelGuard(manifest, {
    key,
    keyId: "key-1",
    nonces: Array.from({ length: 6 }, (_, at) => `${nonce}${String(at)}`),
  });
  if (!built.ok) throw new Error(built.text);
  return verifyKernelGuard({ manifest, guard: built.guard, key, load }, { requireLifecycle: true });
}

const against =
  (priors: readonly ReplayRecord[], fresh = true) =>
  (record: ReplayRecord): ReturnType<typeof evaluateReplay> =>
    evaluateReplay(record, priors, fresh);

describe("a guarded bundle that is to be consumed", () => {
  test("is allowed when it passed strictly and was never seen", () => {
    expect(guardedReplay(bundle, { strict: true, verified: verified("a") }, against([]))).toMatchObject({
      status: "allowed",
      allowed: true,
      verification_status: "passed",
      replay_status: "fresh",
      key_id: "key-1",
      ...bundle,
      blocker: "",
    });
  });

  test("is a replay under new nonces too", () => {
    const first = guardedReplay(bundle, { strict: true, verified: verified("a") }, against([]));
    const prior = first.replay_decision?.record;
    const again = guardedReplay(
      bundle,
      { strict: true, verified: verified("b") },
      against(prior === undefined ? [] : [prior]),
    );
    expect(again.guard_root_tag).not.toBe(first.guard_root_tag);
    expect(again).toMatchObject({
      status: "blocked",
      replay_status: "replayed",
      blocker: `replayed_guarded_payload:${first.root_chain_digest}`,
      next_action: "reject_or_review_replayed_guarded_bundle",
    });
    const watched = guardedReplay(
      bundle,
      { strict: true, verified: verified("b") },
      against(prior === undefined ? [] : [prior], false),
    );
    expect(watched).toMatchObject({ allowed: false, replay_status: "seen", blocker: "guarded_root_not_fresh" });
  });

  const never = (): never => expect.unreachable();
  test.each([
    ["strict_lifecycle_required_for_runtime_consumable_guard", "rerun_with_strict_lifecycle", false, verified("a")],
    ["sclite_secure_profile_unavailable", "install_sclite_with_kernel_guard_secure_profile", true, undefined],
    [
      "guard_verification_failed:root_chain_digest mismatch",
      "reject_or_review_unguarded_bundle",
      true,
      { ok: false, family: "chain", text: "root_chain_digest mismatch" } as const,
    ],
  ])("%s", (blocker, next_action, strict, verification) => {
    expect(guardedReplay(bundle, { strict, verified: verification }, never)).toMatchObject({
      status: "blocked",
      allowed: false,
      verification_status: "failed",
      replay_status: "not_checked",
      blocker,
      next_action,
    });
  });
});

describe("a store of replay records", () => {
  const record = parseReplayRecord({ root_tag: "t", chain_id: "c", key_id: "k" });

  test("reads back to what was written", () => {
    expect(parseReplayStore(replayStore([record]))).toEqual([record]);
  });

  test.each([
    [],
    {},
    { artifact_type: "guard_replay_store", schema_version: "v0.1" },
    { ...replayStore([]), schema_version: "v9" },
  ])("%j is none", (value) => {
    expect(refusalOf(() => parseReplayStore(value))).toBe("invalid_guard_replay_store");
  });

  test("that cannot be used blocks", () => {
    expect(blockedByStore(record, "invalid")).toMatchObject({
      status: "blocked",
      replay_status: "blocked",
      blocker: "guard_replay_store_invalid",
      next_action: "repair_or_replace_local_guard_replay_store",
    });
  });
});
