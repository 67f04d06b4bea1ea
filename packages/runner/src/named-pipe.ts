import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

/** One direction from a process to us. */
export interface OutputPipe {
  /** For the child; ours is closed by `release`, or the end of the stream would never come. */
  readonly descriptor: number;
  readonly stream: Readable;
  readonly release: () => void;
}

/**
 * Real pipes. Those that Node makes for a child are sockets, on which `echo > /dev/stderr` fails, as scripts do it every
 * day; a pipe of the kernel can be opened again. The names exist for an instant, in a folder of ours alone.
 */
export async function openPipes(count: number): Promise<readonly OutputPipe[]> {
  const folder = await mkdtemp(join(tmpdir(), "writ-pipes-"));
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    await promisify(execFile)("/usr/bin/mkfifo", ["-m", "600", "--", ...paths], { env: {} });
    return openAll(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All or none: a stream left open would keep this process alive. */
function openAll(paths: readonly string[]): readonly OutputPipe[] {
  const opened: OutputPipe[] = [];
  try {
    for (const path of paths) opened.push(openPipe(path));
    return opened;
  } catch (error) {
    for (const { stream, release } of opened) {
      stream.destroy();
      release();
    }
    throw error;
  }
}

/** Reading first and without waiting, so that opening the other end does not wait either. */
function openPipe(path: string): OutputPipe {
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const descriptor = openWriting(path, reading);
  const stream = new Socket({ fd: reading, readable: true, writable: false });
  stream.on("error", () => undefined);
  return { descriptor, stream, release: () => closeSync(descriptor) };
}

function openWriting(path: string, reading: number): number {
  try {
    return openSync(path, constants.O_WRONLY);
  } catch (error) {
    closeSync(reading);
    throw error;
  }
}
