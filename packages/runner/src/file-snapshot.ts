import { lstatSync, opendirSync, type Dir, type BigIntStats } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";

/** Files looked at in all folders of a scope together: a large checkout with its dependencies; more is said, not looked at. */
export const SCANNED_MAX = 100_000;
/** Files looked at before other work gets its turn. */
const BATCH = 1000;

/** What identifies the content of a file without reading it. The kernel sets `ctime`; no program can put it back. */
export interface FileMark {
  readonly kind: "file" | "folder" | "other";
  readonly mark: string;
  readonly bytes: number;
}

export interface FileSnapshot {
  /** Keys are paths in Latin-1: one character per byte, whatever the name's encoding. */
  readonly files: ReadonlyMap<string, FileMark>;
  /**
   * Keys of what could not be looked at: folders that let nobody in, and what lay beyond `SCANNED_MAX`. Nothing is known
   * of what is at or under them.
   */
  readonly unmeasured: ReadonlySet<string>;
}

/** Looks at every file under `roots`, which do not overlap; links are not followed. A root may be absent. */
export async function takeSnapshot(roots: readonly string[]): Promise<FileSnapshot> {
  const files = new Map<string, FileMark>();
  const unmeasured = new Set<string>();
  const pending = roots.map(keyOf);
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (files.size >= SCANNED_MAX) return { files, unmeasured: new Set([...unmeasured, path, ...pending]) };
    if (files.size % BATCH === BATCH - 1) await turn();
    const mark = markOf(path);
    if (mark === "unknown") unmeasured.add(path);
    if (mark === "unknown" || mark === "absent") continue;
    files.set(path, mark);
    if (mark.kind !== "folder") continue;
    const names = namesIn(path);
    if (names === null) unmeasured.add(path);
    for (const name of names ?? []) pending.push(`${path}/${name}`);
  }
  return { files, unmeasured };
}

/** What now lies at a path that was replaced during a run is not what the run could reach. */
export function withoutReplaced(snapshot: FileSnapshot, paths: readonly string[]): FileSnapshot {
  const keys = paths.map(keyOf);
  return { ...snapshot, unmeasured: new Set([...snapshot.unmeasured, ...keys]) };
}

function keyOf(path: string): string {
  return Buffer.from(path).toString("latin1");
}

/** The bytes of a key, as the file system wants them. */
export function pathBytes(key: string): Buffer {
  return Buffer.from(key, "latin1");
}

/** Only what the system says is not there is absent. */
function markOf(key: string): FileMark | "absent" | "unknown" {
  try {
    const stat = lstatSync(pathBytes(key), { bigint: true });
    return { kind: kindOf(stat), mark: identity(stat), bytes: Number(stat.size) };
  } catch (error) {
    return ABSENT.has((error as NodeJS.ErrnoException).code ?? "") ? "absent" : "unknown";
  }
}

const ABSENT = new Set(["ENOENT", "ENOTDIR"]);

function kindOf(stat: BigIntStats): FileMark["kind"] {
  return stat.isDirectory() ? "folder" : stat.isFile() ? "file" : "other";
}

/** A folder changes whenever something in it does, which that something already tells; of itself it has a mode and owners. */
function identity(stat: BigIntStats): string {
  const { dev, ino, mode, uid, gid, size, mtimeNs, ctimeNs } = stat;
  const own = [dev, ino, mode, uid, gid];
  return (stat.isDirectory() ? own : [...own, size, mtimeNs, ctimeNs]).join(" ");
}

/** Null for a folder that lets nobody look into it, or holds more than is looked at: millions of names are not read first. */
function namesIn(key: string): readonly string[] | null {
  let folder: Dir | undefined;
  try {
    folder = opendirSync(pathBytes(key), { encoding: "latin1", bufferSize: 1024 });
    const names: string[] = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (names.push(entry.name) > SCANNED_MAX) return null;
    }
    return names;
  } catch (error) {
    return ABSENT.has((error as NodeJS.ErrnoException).code ?? "") ? [] : null;
  } finally {
    folder?.closeSync();
  }
}
