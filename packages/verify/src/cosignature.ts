import { cryptoPort } from "./crypto.ts";
import { concatBytes, toUtf8 } from "./encoding.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** Bytes of a timestamped Ed25519 cosignature: time and signature. */
const COSIGNATURE_BYTES = 8 + 64;

/**
 * Checks a type 0x04 cosignature over a checkpoint's text (C2SP tlog-cosignature): `signature` is the 72 bytes after the
 * key id. Returns the POSIX time in seconds at which the witness signed, or undefined if it does not verify.
 */
export function verifyCosignature(
  text: string,
  signature: Uint8Array,
  key: Pick<VerifierKey, "publicKey">,
): number | undefined {
  if (signature.length !== COSIGNATURE_BYTES) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const message = concatBytes(toUtf8(`cosignature/v1\ntime ${time}\n`), toUtf8(text));
  return cryptoPort().ed25519Verify(key.publicKey, message, signature.subarray(8)) ? Number(time) : undefined;
}

const ML_DSA_BYTES = 8 + 2420;

/**
 * Checks a type 0x06 cosignature (ML-DSA-44) the same way; `signature` is the 2,428 bytes after the key id. What is signed names the
 * cosigner, the origin and the tree from its start to its size. Throws `CHECKPOINT_SYNTAX` if the text is no checkpoint.
 */
export function verifyMlDsaCosignature(
  text: string,
  signature: Uint8Array,
  key: Pick<VerifierKey, "name" | "publicKey">,
): number | undefined {
  const crypto = cryptoPort();
  if (signature.length !== ML_DSA_BYTES) return undefined;
  const { origin, size, root } = parseCheckpoint(text);
  const [name, log] = [toUtf8(key.name), toUtf8(origin)];
  const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER) || name.length > 255 || log.length > 255) return undefined;
  const message = concatBytes(
    toUtf8("subtree/v1\n\0"),
    Uint8Array.of(name.length),
    name,
    uint64(time),
    Uint8Array.of(log.length),
    log,
    uint64(0n),
    uint64(BigInt(size)),
    root,
  );
  return crypto.mlDsa44Verify?.(key.publicKey, message, signature.subarray(8)) === true ? Number(time) : undefined;
}

function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
