import { closeSync, openSync, readSync, statSync } from "node:fs";

import { VerifyError } from "./errors.ts";

/** Policies, checkpoints, proofs and entries are small; more than this is not one of them. */
const SMALL_BYTES_MAX = 2 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;
const SQLITE_HEADER = "SQLite format 3\0";
const PROOF_HEADER = "c2sp.org/tlog-proof";

/** What a file is, by its first bytes. Whatever is neither a database nor a proof is read as a bundle. */
export function kindOfFile(path: string): "log" | "proof" | "bundle" {
  // It is opened again to be read, and what a pipe gave would be gone.
  if (!attempt(path, () => statSync(path)).isFile()) throw unreadable(path, "it is no file");
  const start = withFile(path, (file) => {
    const bytes = new Uint8Array(32);
    return new TextDecoder("latin1").decode(bytes.subarray(0, readSync(file, bytes)));
  });
  if (start.startsWith(SQLITE_HEADER)) return "log";
  return start.startsWith(PROOF_HEADER) ? "proof" : "bundle";
}

/** `FILE_UNREADABLE` if it cannot be read or is over 2 MiB. */
export function readSmallFile(path: string): Uint8Array {
  return withFile(path, (file) => {
    const bytes = new Uint8Array(SMALL_BYTES_MAX + 1);
    let size = 0;
    // Counted while it is read: a pipe has no size to ask for, and a device may have no end.
    for (;;) {
      const more = readSync(file, bytes, { offset: size });
      if (more === 0) return bytes.slice(0, size);
      size += more;
      if (size > SMALL_BYTES_MAX) throw unreadable(path, `it has more than ${SMALL_BYTES_MAX} bytes`);
    }
  });
}

/** The bytes of a file in pieces. Each piece is overwritten by the next. */
export function* readPieces(path: string): Generator<Uint8Array> {
  const piece = new Uint8Array(PIECE_BYTES);
  const file = open(path);
  try {
    for (;;) {
      const length = attempt(path, () => readSync(file, piece));
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = open(path);
  try {
    return attempt(path, () => use(file));
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  return attempt(path, () => openSync(path, "r"));
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof VerifyError) throw error;
    throw unreadable(path, error instanceof Error ? error.message : String(error), error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): VerifyError {
  return new VerifyError({
    code: "FILE_UNREADABLE",
    message: `\`${path}\` cannot be read`,
    reason,
    next: "check that the file is there and may be read",
    cause,
  });
}
