import { fstatSync } from "node:fs";
import { sha256Hex, WritError } from "@writ/canon";

export interface StandardInput {
  readonly content: Buffer;
  readonly sha256: string;
}

/** Held in memory because the contract names its digest before the command starts. */
const STDIN_BYTES_MAX = 64 * 1024 * 1024;

/** Reads standard input to its end. @throws WritError `STDIN_TOO_LARGE`. */
export async function readStandardInput(): Promise<StandardInput> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    size += (part as Buffer).byteLength;
    if (size > STDIN_BYTES_MAX) throw tooLarge();
    parts.push(part as Buffer);
  }
  const content = Buffer.concat(parts, size);
  return { content, sha256: sha256Hex(content) };
}

/**
 * Whether something is piped in or redirected that nobody asked to hand on. Looks without reading: a loop around the
 * command may live off the same input, and a pipe that stays empty must hold up nothing.
 */
export function hasUnreadInput(descriptor = 0): boolean {
  try {
    const found = fstatSync(descriptor);
    if (found.isFile()) return found.size > 0;
    return found.isFIFO() || found.isSocket();
  } catch {
    return false;
  }
}

function tooLarge(): WritError {
  return new WritError({
    code: "STDIN_TOO_LARGE",
    message: `standard input is larger than ${String(STDIN_BYTES_MAX)} bytes`,
    reason: "its digest is part of the contract, so it is read whole first",
    next: "give the command a file with `--read` instead",
  });
}
