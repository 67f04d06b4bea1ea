import { refused } from "./checked.ts";
import { cryptoPort } from "./crypto.ts";
import { verifyCosignature, verifyMlDsaCosignature } from "./cosignature.ts";
import { fromBase64, textOf, toHex, toUtf8 } from "./encoding.ts";
import { malformed } from "./errors.ts";
import { clip, isKeyName } from "./verifier-key.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** Limits of spec ledger.md §12; at least 16 signatures must work. */
const NOTE_BYTES_MAX = 256 * 1024;
const SIGNATURES_MAX = 64;

/** One signature line, not yet checked. */
export interface SignatureLine {
  readonly name: string;
  /** Key id, lower-case hex of 4 bytes. */
  readonly id: string;
  readonly signature: Uint8Array;
}

/** A signature by a known key that verified. `time`: POSIX seconds, for cosignatures. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  readonly time?: number;
}

export interface Note {
  /** The signed text, final newline included. */
  readonly text: string;
  readonly signatures: readonly SignatureLine[];
}

export type OpenedNote =
  | {
      readonly ok: true;
      readonly text: string;
      readonly verified: readonly VerifiedSignature[];
      /** Names of lines by keys that are not known; they mean nothing. */
      readonly unverified: readonly string[];
    }
  | { readonly ok: false; readonly code: "SIGNATURE_BAD" | "NO_KNOWN_SIGNATURE"; readonly reason: string };

/**
 * Checks a signed note (C2SP signed-note) against known keys. A line by a known key that does not verify refuses the whole note,
 * and so does the absence of any known key. Throws `NOTE_SYNTAX`, `NOTE_SIZE` or `ENCODING` for what is no note,
 * `KEY_AMBIGUOUS` when two different keys share name and id.
 */
export function openNote(input: string | Uint8Array, keys: readonly VerifierKey[]): OpenedNote {
  const { text, signatures } = parseNote(input);
  const known = indexKeys(keys);
  const verified = new Map<VerifierKey, VerifiedSignature>();
  const unverified: string[] = [];
  for (const line of signatures) {
    const key = known.get(`${line.name}+${line.id}`);
    if (key === undefined) {
      unverified.push(line.name);
      continue;
    }
    const checked = checkSignature(text, line.signature, key);
    if (checked === undefined)
      return refused("SIGNATURE_BAD", `the signature of \`${clip(key.name)}\` does not verify`);
    if (!verified.has(key)) verified.set(key, checked);
  }
  if (verified.size === 0) return refused("NO_KNOWN_SIGNATURE", "no signature is by a key that is known");
  return { ok: true, text, verified: [...verified.values()], unverified };
}

/** Splits a note into its text and signature lines, and checks nothing else. */
export function parseNote(input: string | Uint8Array): Note {
  if (input.length > NOTE_BYTES_MAX) throw noteSize();
  const whole = textOf(input);
  if (toUtf8(whole).length > NOTE_BYTES_MAX) throw noteSize();
  for (let at = 0; at < whole.length; at += 1) {
    const unit = whole.charCodeAt(at);
    if (unit < 0x20 && unit !== 0x0a) throw bad("it holds a control character", at);
  }
  const split = whole.lastIndexOf("\n\n");
  if (split < 0) throw bad("no blank line stands between text and signatures");
  if (!whole.endsWith("\n") || split + 2 >= whole.length) throw bad("it does not end in a signature line");
  const lines = whole.slice(split + 2, -1).split("\n");
  if (lines.length > SIGNATURES_MAX) throw bad(`it has more than ${SIGNATURES_MAX} signature lines`);
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): SignatureLine {
  const match = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
  const [, name, encoded] = match ?? [];
  if (name === undefined || encoded === undefined || !isKeyName(name)) {
    throw bad(`\`${clip(line)}\` is not a signature line`);
  }
  const bytes = fromBase64(encoded);
  if (bytes.length < 5) throw bad(`the signature of \`${clip(name)}\` is too short`);
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) };
}

function indexKeys(keys: readonly VerifierKey[]): ReadonlyMap<string, VerifierKey> {
  const known = new Map<string, VerifierKey>();
  for (const key of keys) {
    const label = `${key.name}+${key.id}`;
    const other = known.get(label);
    if (other !== undefined && other.text !== key.text) {
      throw malformed("KEY_AMBIGUOUS", `two keys are called \`${clip(label)}\``, "a line could mean either");
    }
    known.set(label, key);
  }
  return known;
}

/** What a key says to a signature, whatever name and id its line bears; undefined where it is not its own. */
export function checkSignature(text: string, signature: Uint8Array, key: VerifierKey): VerifiedSignature | undefined {
  if (key.type !== 1) {
    const time = (key.type === 4 ? verifyCosignature : verifyMlDsaCosignature)(text, signature, key);
    return time === undefined ? undefined : { key, time };
  }
  const good = signature.length === 64 && cryptoPort().ed25519Verify(key.publicKey, toUtf8(text), signature);
  return good ? { key } : undefined;
}

function bad(reason: string, position?: number): Error {
  return malformed("NOTE_SYNTAX", "this is not a signed note", reason, position);
}

function noteSize(): Error {
  return malformed("NOTE_SIZE", "a note is over its limit", `a note has at most ${NOTE_BYTES_MAX} bytes`);
}
