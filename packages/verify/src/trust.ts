import { refused } from "./checked.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { openNote, parseNote } from "./note.ts";
import type { VerifiedSignature } from "./note.ts";
import { meetsQuorum } from "./policy.ts";
import type { TrustPolicy } from "./policy.ts";
import { clip } from "./verifier-key.ts";
import type { VerifierKey } from "./verifier-key.ts";

export interface TrustOptions {
  /** Oldest acceptable age of the newest cosignature, in seconds. Absent: any age. */
  readonly maxAgeSeconds?: number;
  /** Now, POSIX seconds; needed with `maxAgeSeconds`. */
  readonly now?: number;
}

/** A checkpoint whose signatures satisfy a policy. */
export interface TrustedCheckpoint {
  readonly ok: true;
  readonly checkpoint: Checkpoint;
  readonly cosignatures: readonly { readonly name: string; readonly time: number }[];
}

export type TrustRefusal =
  /** A line by a known key does not verify: the note was altered. */
  | "SIGNATURE_BAD"
  /** No log key of the policy signed under this origin. */
  | "LOG_NOT_TRUSTED"
  | "QUORUM_NOT_MET"
  | "TOO_OLD";

export interface DistrustedCheckpoint {
  readonly ok: false;
  readonly code: TrustRefusal;
  readonly reason: string;
  /** What the note claims. */
  readonly checkpoint: Checkpoint;
}

/** Holds a signed checkpoint against a policy. Throws only for what is no signed checkpoint at all. */
export function trustCheckpoint(
  note: string | Uint8Array,
  policy: TrustPolicy,
  options: TrustOptions = {},
): TrustedCheckpoint | DistrustedCheckpoint {
  const checkpoint = parseCheckpoint(parseNote(note).text);
  const opened = openNote(note, policyKeys(policy));
  if (!opened.ok && opened.code === "SIGNATURE_BAD") return { ...refused(opened.code, opened.reason), checkpoint };
  const verified = opened.ok ? opened.verified : [];
  const isLog = verified.some(({ key }) => isLogKey(policy, key.text) && key.name === checkpoint.origin);
  if (!isLog) {
    const reason = `no trusted key signed for the log \`${clip(checkpoint.origin)}\``;
    return { ...refused("LOG_NOT_TRUSTED", reason), checkpoint };
  }
  return judgeWitnesses(checkpoint, verified, policy, options);
}

/** Every key that a policy names, each once. */
export function policyKeys(policy: TrustPolicy): readonly VerifierKey[] {
  const keys = [...policy.logs, ...policy.witnesses.map(({ key }) => key)];
  return [...new Map(keys.map((key) => [key.text, key])).values()];
}

function judgeWitnesses(
  checkpoint: Checkpoint,
  verified: readonly VerifiedSignature[],
  policy: TrustPolicy,
  options: TrustOptions,
): TrustedCheckpoint | DistrustedCheckpoint {
  const signed = new Set(verified.map(({ key }) => key.text));
  if (!meetsQuorum(policy.quorum, (key) => signed.has(key.text))) {
    return { ...refused("QUORUM_NOT_MET", "too few of the policy's witnesses cosigned"), checkpoint };
  }
  const cosignatures = verified.flatMap(({ key, time }) => (time === undefined ? [] : [{ name: key.name, time }]));
  const newest = Math.max(0, ...cosignatures.map(({ time }) => time));
  const { maxAgeSeconds, now } = options;
  if (maxAgeSeconds !== undefined && (now === undefined || now - newest > maxAgeSeconds)) {
    return {
      ...refused("TOO_OLD", `the newest cosignature is older than ${maxAgeSeconds} s, or there is none`),
      checkpoint,
    };
  }
  return { ok: true, checkpoint, cosignatures };
}

function isLogKey(policy: TrustPolicy, text: string): boolean {
  return policy.logs.some((log) => log.text === text);
}
