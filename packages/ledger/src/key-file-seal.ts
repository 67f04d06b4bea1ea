import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";

import { fromBase64, toBase64 } from "@writ/canon";

import { signerError } from "./signer-error.ts";

/** How a key's seed stands in its file. */
export type KeySecret =
  | { readonly form: "plain"; readonly seed: string }
  | {
      readonly form: "scrypt-aes-256-gcm";
      /** Cost, a power of two: 2^14 to 2^20. Block size is 8, parallelism 1. */
      readonly n: number;
      readonly salt: string;
      readonly nonce: string;
      readonly sealed: string;
    };

/** About a tenth of a second and 32 MiB: guesses are dear, and opening is once a start. */
const COST = 32_768;
const BLOCK = 8;
const COST_MIN = 16_384;
const COST_MAX = 1_048_576;
const TAG_BYTES = 16;

/** The seed as it is stored: sealed when a passphrase is given. `context` is bound to it and not secret. */
export async function sealSeed(seed: Uint8Array, context: string, passphrase: string | undefined): Promise<KeySecret> {
  if (passphrase === undefined) return { form: "plain", seed: toBase64(seed) };
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", await derive(passphrase, salt, COST), nonce);
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  return {
    form: "scrypt-aes-256-gcm",
    n: COST,
    salt: toBase64(salt),
    nonce: toBase64(nonce),
    sealed: toBase64(sealed),
  };
}

/** The seed. Throws `KEY_PASSPHRASE` when the passphrase is wrong, missing, or given for a plain key. */
export async function openSeed(
  secret: KeySecret,
  context: string,
  passphrase: string | undefined,
): Promise<Uint8Array> {
  if (secret.form === "plain") {
    if (passphrase !== undefined) throw refused("a passphrase is given, and the key is not encrypted");
    return fromBase64(secret.seed);
  }
  if (passphrase === undefined) throw refused("the key is encrypted, and no passphrase is given");
  const sealed = fromBase64(secret.sealed);
  const key = await derive(passphrase, fromBase64(secret.salt), secret.n);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, fromBase64(secret.nonce), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]));
  } catch (error) {
    throw refused("the passphrase does not open the key", error);
  }
}

/** True for a cost the file may name: bounded, since it is spent before anything is proven. */
export function isSealCost(n: number): boolean {
  return Number.isInteger(Math.log2(n)) && n >= COST_MIN && n <= COST_MAX;
}

function derive(passphrase: string, salt: Uint8Array, n: number): Promise<Buffer> {
  const options = { N: n, r: BLOCK, p: 1, maxmem: 2 * 128 * n * BLOCK };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize("NFC"), salt, 32, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function refused(message: string, cause?: unknown): Error {
  return signerError({
    code: "KEY_PASSPHRASE",
    message,
    reason: "a key is opened with exactly the passphrase it was sealed with",
    next: "give the passphrase the key was made with",
    cause,
  });
}
