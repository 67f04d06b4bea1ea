import { createHash } from "node:crypto";
import { closeSync, constants, createReadStream, fstatSync, openSync } from "node:fs";
import { compareCodeUnits } from "@writ/canon";
import { isWithin, RECEIPT_BOUNDS, type FileEffect } from "@writ/kernel";
import { plantedIn } from "./git-guard.ts";
import { pathBytes, type FileMark, type FileSnapshot } from "./file-snapshot.ts";

/** Longest path that a receipt can hold. */
const PATH_CHARACTERS_MAX = 4095;

export interface MeasuredFiles {
  readonly files: readonly FileEffect[];
  /** True when more changed than is listed, or more is there than was looked at. */
  readonly truncated: boolean;
  /** Paths at and under which nothing is known, in order; the first of many. */
  readonly unmeasured: readonly string[];
  /** Listed files whose content could not be read, or is more than is read after one run; the first of many. */
  readonly undigested: readonly string[];
  /** Git folders that would now start something else than before, in order; the first of many. */
  readonly planted: readonly string[];
}

/**
 * What differs between two snapshots, in order of path, with digests of what is there now. Only the listed files are
 * read. A rewrite with the same content is a change; a rename is a deletion and a creation.
 */
export async function measureFiles(before: FileSnapshot, after: FileSnapshot): Promise<MeasuredFiles> {
  const changes = [...changesBetween(before, after)].toSorted((left, right) => compareCodeUnits(left.key, right.key));
  const listed = changes.filter(({ key }) => pathOf(key).length <= PATH_CHARACTERS_MAX).slice(0, RECEIPT_BOUNDS.files);
  const files: FileEffect[] = [];
  const undigested: string[] = [];
  let room = DIGESTED_BYTES_MAX;
  for (const change of listed) {
    const file = await effectOf(change, room);
    files.push(file);
    if (file.sha256 !== null) room -= file.bytes ?? 0;
    else if (change.now?.kind === "file") undigested.push(file.path);
  }
  const unmeasured = new Set([...before.unmeasured, ...after.unmeasured]);
  return {
    files,
    truncated: listed.length < changes.length || unmeasured.size > 0,
    unmeasured: [...unmeasured].toSorted(compareCodeUnits).slice(0, TOLD_MAX).map(pathOf),
    undigested: undigested.slice(0, TOLD_MAX),
    planted: plantedIn(changes.filter(isNoFolder).map(({ key }) => pathOf(key))).slice(0, TOLD_MAX),
  };
}

/** Some seconds of reading: a file with holes may claim to hold more than a day's worth. */
const DIGESTED_BYTES_MAX = 4 * 2 ** 30;

/** As many as a receipt has room for beside its refusals; the others are told by `truncated`. */
const TOLD_MAX = 16;

/** The paths of a scope without those that lie within another, so that nothing is measured twice. */
export function outermostPaths(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && isWithin(other, path)));
}

interface Change {
  readonly key: string;
  readonly change: FileEffect["change"];
  readonly now: FileMark | null;
}

function isNoFolder({ now }: Change): boolean {
  return now !== null && now.kind !== "folder";
}

/** INVARIANT: what one of the two could not look at is neither created nor deleted, for nobody knows. */
function* changesBetween(before: FileSnapshot, after: FileSnapshot): Generator<Change> {
  for (const [key, now] of after.files) {
    const then = before.files.get(key);
    if (then !== undefined) {
      const differs = then.mark !== now.mark || then.kind !== now.kind;
      if (differs && !isUnder(after.unmeasured, folderOf(key))) yield { key, change: "changed", now };
    } else if (!isUnder(before.unmeasured, key)) yield { key, change: "created", now };
  }
  for (const key of before.files.keys()) {
    if (!after.files.has(key) && !isUnder(after.unmeasured, key)) yield { key, change: "deleted", now: null };
  }
}

function isUnder(unmeasured: ReadonlySet<string>, key: string): boolean {
  if (unmeasured.size === 0) return false;
  for (let path = key; path !== ""; path = folderOf(path)) if (unmeasured.has(path)) return true;
  return false;
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/"));
}

async function effectOf({ key, change, now }: Change, room: number): Promise<FileEffect> {
  const path = pathOf(key);
  if (now?.kind !== "file") return { path, change, sha256: null, bytes: null };
  const digest = now.bytes <= room ? await digestFile(key, room) : null;
  return { path, change, sha256: digest?.sha256 ?? null, bytes: digest?.bytes ?? null };
}

function pathOf(key: string): string {
  return pathBytes(key).toString("utf8");
}

/** Links and pipes that took the file's place are not followed or waited for; what grows over `room` has no digest. */
async function digestFile(
  key: string,
  room: number,
): Promise<{ readonly sha256: string; readonly bytes: number } | null> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(pathBytes(key), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!fstatSync(descriptor).isFile()) return null;
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of createReadStream("", { fd: descriptor, autoClose: false }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      if (bytes > room) return null;
    }
    return { sha256: hash.digest("hex"), bytes };
  } catch {
    return null;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
