import { isWritError } from "@writ/canon";

import { formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import type { HeadSigner } from "./head-signer.ts";
import { type NoteSigningKey, openNote, signNote } from "./note-signature.ts";
import type { Head } from "./port.ts";
import { type DsseEnvelope, sealEnvelope } from "./signer-dsse.ts";
import { signerError } from "./signer-error.ts";
import type { SignerMemory } from "./signer-memory.ts";
import { isKeyName, type VerifierKey } from "./vkey.ts";

/** A signer in this process, where signing takes no turn of the event loop. */
export interface LocalSigner extends HeadSigner {
  /** Every key that `read` believes: the signing ones first, then retired ones. */
  readonly verifiers: readonly VerifierKey[];
  sign(head: Head): string;
  state(): Head | undefined;
  /** A DSSE envelope under this signer's keys, for attestations about the log. */
  attest(payloadType: string, payload: Uint8Array): DsseEnvelope;
  close(): Promise<void>;
}

export interface SignerParts {
  /** The log's name, which is the keys' name too. */
  readonly origin: string;
  /** One key, or two while one replaces the other; each signs every head. */
  readonly keys: readonly NoteSigningKey[];
  /** Older keys whose checkpoints are still believed. */
  readonly retired?: readonly VerifierKey[];
  readonly memory: SignerMemory;
}

/** A signer from its keys and its memory. Throws `KEY_INVALID` for keys of another name, or of none or three. */
export function createSigner({ origin, keys, retired = [], memory }: SignerParts): LocalSigner {
  const verifiers = [...keys.map((key) => key.verifier), ...retired];
  const named = isKeyName(origin) && verifiers.every((key) => key.name === origin && key.type === "note");
  if (!named || keys.length === 0 || keys.length > 2) throw invalidKeys(origin);
  return {
    name: origin,
    verifiers,
    sign(head) {
      const text = formatCheckpoint({ origin, ...head });
      // Remembered before it is signed: a crash in between forgets a signature nobody has, and never the reverse.
      memory.advance(head);
      return signNote(text, keys);
    },
    read: (note) => readHead(note, origin, verifiers),
    state: () => memory.state(),
    attest: (payloadType, payload) => sealEnvelope(payloadType, payload, keys),
    flush: () => memory.flush(),
    close: () => memory.close(),
  };
}

/** The head of a note that one of `keys` signed for `origin`; `undefined` for everything else a file can hold. */
export function readHead(note: string, origin: string, keys: readonly VerifierKey[]): Head | undefined {
  try {
    const opened = openNote(note, keys);
    if (!opened.ok) return undefined;
    const checkpoint = parseCheckpoint(opened.text);
    if (checkpoint.origin !== origin || checkpoint.extensions.length > 0) return undefined;
    return { size: checkpoint.size, root: checkpoint.root };
  } catch (error) {
    if (isWritError(error)) return undefined;
    throw error;
  }
}

function invalidKeys(origin: string): Error {
  return signerError({
    code: "KEY_INVALID",
    message: `\`${origin.slice(0, 80)}\` does not have one or two keys of its name`,
    reason: "a log's key is named like its origin (spec ledger.md §7)",
    next: "open the signer with the origin its key was made for",
  });
}
