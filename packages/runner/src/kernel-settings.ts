import { lstatSync, readdirSync } from "node:fs";

/** Any of the three rights to write. */
const WRITABLE = 0o222;

/**
 * Every place in `/proc` that is the machine's, no process's, and may be written: to be read-only inside. The kernel
 * lets root write there by user id alone, without a capability, and root's runs keep that id outside their namespace:
 * one line in `sys/kernel/core_pattern` would run a program of theirs on the machine. bubblewrap covers four of them,
 * and none whose folder itself is read-only, as `sys` is.
 */
export function kernelSettings(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => !/^\d+$/.test(name))
    .map((name) => `/proc/${name}`)
    .filter(isSetting);
}

function isSetting(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  return stat.isDirectory() || (stat.isFile() && (stat.mode & WRITABLE) !== 0);
}
