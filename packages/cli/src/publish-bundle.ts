import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { randomUUID } from "node:crypto";
import { WritError } from "@writ/canon";
import { syncFolder } from "@writ/store";

export interface Publication {
  /** Texts by file name. */
  readonly files: Readonly<Record<string, string>>;
  readonly overwrite: boolean;
}

/**
 * Puts a bundle's files in a folder, all of them or none (spec kernel.md §8): written beside the target, synced, then
 * renamed. What was there before is kept until the new folder stands, and put back when it does not. A link is never
 * replaced. Throws `OUTPUT_FAILED`.
 */
export function publishBundle(folder: string, { files, overwrite }: Publication): void {
  const target = resolve(folder);
  const before = existing(target);
  if (before === "other")
    throw refused(target, "there is something that is no folder, or a link", "name another folder");
  if (before === "folder" && !overwrite)
    throw refused(target, "there is a folder already", "give --overwrite to replace it");
  const mark = `${basename(target)}.${randomUUID()}`;
  const [staging, previous] = [join(dirname(target), `.${mark}.new`), join(dirname(target), `.${mark}.old`)];
  try {
    writeFolder(staging, files);
    replace({ target, staging, previous: before === "folder" ? previous : undefined });
  } catch (cause) {
    throw refused(
      target,
      (cause as NodeJS.ErrnoException).code ?? "it cannot be written",
      "check the path and its rights",
      cause,
    );
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  rmSync(previous, { recursive: true, force: true });
  syncFolder(dirname(target));
}

function existing(target: string): "nothing" | "folder" | "other" {
  const facts = lstatSync(target, { throwIfNoEntry: false });
  if (facts === undefined) return "nothing";
  return facts.isDirectory() ? "folder" : "other";
}

function writeFolder(folder: string, files: Publication["files"]): void {
  mkdirSync(folder, { mode: 0o755 });
  for (const [name, text] of Object.entries(files)) {
    const handle = openSync(join(folder, name), "wx", 0o644);
    try {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
  syncFolder(folder);
}

interface Places {
  readonly target: string;
  readonly staging: string;
  /** Where what stands there is kept meanwhile. */
  readonly previous: string | undefined;
}

function replace({ target, staging, previous }: Places): void {
  if (previous !== undefined) renameSync(target, previous);
  try {
    renameSync(staging, target);
  } catch (error) {
    if (previous !== undefined && !existsSync(target)) renameSync(previous, target);
    throw error;
  }
}

function refused(target: string, reason: string, next: string, cause?: unknown): WritError {
  return new WritError({
    code: "OUTPUT_FAILED",
    message: `cannot publish to \`${target}\``,
    reason,
    next,
    ...(cause !== undefined && { cause }),
  });
}
