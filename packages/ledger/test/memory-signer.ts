import { noteSigningKey } from "../src/note-signature.ts";
import { volatileMemory } from "../src/signer-memory.ts";
import { createSigner } from "../src/signer.ts";
import type { LocalSigner } from "../src/signer.ts";
import { formatVkey } from "../src/vkey.ts";

/** The key that signs the logs of tests. */
export const TEST_SEED: Uint8Array = new Uint8Array(32).fill(42);

/** A signer whose memory ends with the test; give the same one to each opening of one log. */
export function memorySigner(name: string, memory = volatileMemory()): LocalSigner {
  return createSigner({ origin: name, keys: [noteSigningKey(name, TEST_SEED)], memory });
}

/** The trust policy of somebody who knows the test key. */
export function policyText(name: string): string {
  return `log ${formatVkey(noteSigningKey(name, TEST_SEED).verifier)}\nquorum none\n`;
}
