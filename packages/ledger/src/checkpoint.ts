import { fromBase64, isWritError, toBase64, toHex } from "@writ/canon";

import { isNoteText } from "./note.ts";
import { signerError } from "./signer-error.ts";

/** A log's head as it is signed (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The log's name: one line, not empty. */
  readonly origin: string;
  /** Number of entries, 0 <= size < 2^53. */
  readonly size: number;
  /** Root of the tree at that size, 32 bytes. */
  readonly root: Uint8Array;
}

/** A checkpoint as others may write it, with lines that follow the root. Writ writes none. */
export interface ParsedCheckpoint extends Checkpoint {
  readonly extensions: readonly string[];
}

/** The root of a tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** The three lines that are signed. Throws `CHECKPOINT_INVALID`. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (origin === "" || origin.includes("\n") || !isNoteText(`${origin}\n`)) throw invalid("the origin is not one line");
  if (!Number.isSafeInteger(size) || size < 0) throw invalid("the size is not a count below 2^53");
  if (root.length !== 32) throw invalid("the root does not have 32 bytes");
  requireEmptyRoot({ size, root });
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * The checkpoint in a note's text. Extension lines are handed on unread, as C2SP has it; whoever trusts a log that
 * writes none refuses them. Throws `CHECKPOINT_INVALID`.
 */
export function parseCheckpoint(text: string): ParsedCheckpoint {
  if (!isNoteText(text)) throw invalid("the text is not the text of a note");
  const lines = text.slice(0, -1).split("\n");
  if (lines.length < 3 || lines.includes("")) throw invalid("there are not three lines, or one is empty");
  const [origin = "", size = "", root = "", ...extensions] = lines;
  const checkpoint = { origin, size: parseSize(size), root: parseRoot(root), extensions };
  requireEmptyRoot(checkpoint);
  return checkpoint;
}

function requireEmptyRoot({ size, root }: Omit<Checkpoint, "origin">): void {
  if (size === 0 && toHex(root) !== EMPTY_ROOT) throw invalid("the root of size 0 is not the empty tree's");
}

function parseSize(line: string): number {
  const size = /^(?:0|[1-9][0-9]{0,15})$/.test(line) ? Number(line) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw invalid("the size is not a plain decimal below 2^53");
  return size;
}

function parseRoot(line: string): Uint8Array {
  try {
    const root = fromBase64(line);
    if (root.length === 32) return root;
  } catch (error) {
    if (!isWritError(error)) throw error;
  }
  throw invalid("the root is not the base64 of 32 bytes");
}

function invalid(message: string): Error {
  return signerError({
    code: "CHECKPOINT_INVALID",
    message,
    reason: "a checkpoint is origin, size and root, each on its line (C2SP tlog-checkpoint)",
    next: "get the checkpoint again from where it was published",
  });
}
