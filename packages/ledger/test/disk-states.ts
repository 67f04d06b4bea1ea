import { FOLDER } from "./disk-trace.ts";
import type { DiskEvent } from "./disk-trace.ts";

/** What the disk does with writes that were not synced when the power went. */
export type Fate = "kept" | "lost" | "torn" | "mixed";

export interface DiskState {
  /** Content by file name; a file that is not there is not on the disk. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What callers had been told before the cut. */
  readonly acknowledged: ReadonlyMap<string, number>;
}

export interface CutOptions {
  readonly at: number;
  readonly fate: Fate;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** A disk that says yes to a sync and does nothing. */
  readonly ignoreSyncs?: boolean;
  /** What the files held before the first event. */
  readonly before: ReadonlyMap<string, Uint8Array>;
}

const SECTOR = 512;

/**
 * The disk as it can be after a power cut just before event `at`: everything synced is there; of what was written
 * since the file's last sync, each write may be kept, lost, or torn into its sectors.
 */
export function diskAfterCut(
  events: readonly DiskEvent[],
  { at, fate, random, ignoreSyncs = false, before }: CutOptions,
): DiskState {
  const past = events.slice(0, at);
  const acknowledged = new Map<string, number>();
  const synced = new Map<string, number>();
  past.forEach((event, position) => {
    if (event.is === "ack") acknowledged.set(event.id, event.index);
    // A removal that was not made durable may come undone, but what was in the file before is not part of the next one.
    if ((event.is === "sync" && !ignoreSyncs) || event.is === "unlink") synced.set(event.file, position);
  });
  const files = new Map([...before].map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
  past.forEach((event, position) => {
    if (event.is === "ack" || event.is === "sync") return;
    const durable = position <= (synced.get(event.is === "link" ? FOLDER : event.file) ?? -1);
    apply(files, event, durable ? "kept" : drawFate(fate, random), random);
  });
  return { files, acknowledged };
}

function drawFate(fate: Fate, random: () => number): Exclude<Fate, "mixed"> {
  if (fate !== "mixed") return fate;
  const draw = random();
  return draw < 0.4 ? "kept" : draw < 0.8 ? "lost" : "torn";
}

function apply(
  files: Map<string, Uint8Array>,
  event: Exclude<DiskEvent, { is: "ack" | "sync" }>,
  fate: Exclude<Fate, "mixed">,
  random: () => number,
): void {
  if (fate === "lost") return;
  if (event.is === "unlink") {
    files.delete(event.file);
    return;
  }
  if (event.is === "link") {
    const linked = files.get(event.from);
    if (linked !== undefined) files.set(event.file, Uint8Array.from(linked));
    return;
  }
  const content = files.get(event.file) ?? new Uint8Array(0);
  if (event.is === "truncate") {
    files.set(event.file, resized(content, event.size));
    return;
  }
  const { offset, bytes } = event;
  const grown = content.length < offset + bytes.length ? resized(content, offset + bytes.length) : content;
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + SECTOR - ((offset + start) % SECTOR));
    if (fate === "kept" || random() < 0.5) grown.set(bytes.subarray(start, end), offset + start);
    start = end;
  }
  files.set(event.file, grown);
}

function resized(content: Uint8Array, size: number): Uint8Array {
  const next = new Uint8Array(size);
  next.set(content.subarray(0, size));
  return next;
}

/** A generator that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
