import { readlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isWithin, type Refusal } from "@writ/kernel";
import type { Surroundings } from "./attempt.ts";
import { withoutProcess } from "./inside-path.ts";
import { isReachableOutside } from "./process-attempt.ts";
import { pathArguments, type FailedCall, type PathArgument } from "./trace-line.ts";

/** What a failed call wanted of a path: `look` asks about it alone. */
export type Wish = "read" | "write" | "look";

const DENIED = new Set(["EROFS", "EACCES", "EPERM"]);
/** Trees of the kernel that differ inside by design; programs probe them all the time. */
const PROBED = ["/proc", "/sys"];

/**
 * What a call on one or two paths was refused. Old calls carry no folder: while the process lives the kernel tells it, and
 * afterwards those it is likely to have been in are tried, and the line says so.
 */
export function fileAttempt(call: FailedCall, wish: Wish, around: Surroundings): Refusal | null {
  const given = pathsGiven(call);
  const isKnown = given.every(({ text, folder }) => folder !== null || text.startsWith("/"));
  const folder = isKnown ? "/" : workingFolder(call.pid);
  if (folder !== null) return judge({ call, wish, folder, given }, around);
  for (const likely of [around.cwd, around.home, "/"]) {
    const refusal = judge({ call, wish, folder: likely, given }, around);
    if (refusal !== null) return { ...refusal, detail: `${refusal.detail}, if it was meant from \`${likely}\`` };
  }
  return null;
}

interface Question {
  readonly call: FailedCall;
  readonly wish: Wish;
  readonly folder: string;
  readonly given: readonly PathArgument[];
}

/**
 * INVARIANT: a question about a path is told only where the answer was withheld. That a visible file may not be written
 * or entered is its own mode's answer, and programs ask for it all the time.
 */
function judge({ call, wish, folder, given }: Question, around: Surroundings): Refusal | null {
  const { name, error } = call;
  const spelled = given.map((one) => withoutProcess(spelling(one, folder), one.folder));
  const paths = spelled.map((path) => resolve(path));
  if (error === "EBUSY") return heldInPlace(call, paths, around);
  const target = subject(call, paths, around);
  if (target === undefined) return null;
  const kind = wish === "write" ? "write" : "read";
  if (name.startsWith("exec") && error === "EACCES" && isVisible(target, around) && !around.mayRun(target)) return null;
  const denied = DENIED.has(error);
  if (denied && wish !== "look") return { kind, target, detail: `${name}: ${error}` };
  if (error === "EXDEV" && leavesItsMount(call, target, around)) return { kind, target, detail: `${name}: EXDEV` };
  if (!denied && error !== "ENOENT") return null;
  if (PROBED.some((tree) => isWithin(tree, target))) return otherProcess(call, target, around);
  if (isKeptFrom(target, kind, around)) return { kind, target, detail: `${name}: not visible inside` };
  const leads = leadsTo(spelled[paths.indexOf(target)] ?? target, target, around);
  if (leads === target || !isKeptFrom(leads, kind, around)) return null;
  return { kind, target: leads, detail: `${name}: not visible inside, through \`${target}\`` };
}

/** Where a path leads inside; behind `..` each part of it is looked at, else what may be a link. */
function leadsTo(path: string, normal: string, { inside, changeableFolder }: Surroundings): string {
  const from = path === normal ? changeableFolder(path) : "";
  return (from === null ? null : inside.leads(path, from)) ?? normal;
}

/** Absolute and not yet normal: behind a link `..` is another place than before it. */
function spelling({ text, folder }: PathArgument, otherwise: string): string {
  return text.startsWith("/") ? text : `${folder ?? otherwise}/${text}`;
}

/** Of the texts among the arguments those that are paths: an attribute's name, a program's arguments and what a link says are none. */
function pathsGiven({ name, arguments: given }: FailedCall): readonly PathArgument[] {
  if (BY_DESCRIPTOR.test(name)) return pathArguments(given.split(",", 1)[0] ?? "");
  const texts = pathArguments(given);
  if (name.startsWith("symlink")) return texts.slice(-1);
  return name.startsWith("rename") || name.startsWith("link") ? texts : texts.slice(0, 1);
}

/** Calls on what is open already. */
const BY_DESCRIPTOR = /^f(?:chmod|chown|setxattr|removexattr)$/;

/** A hard link always; a rename where one end is in sight and not in the scope: between two of one's own it is no refusal. */
function leavesItsMount({ name }: FailedCall, target: string, around: Surroundings): boolean {
  if (name.startsWith("link")) return true;
  return name.startsWith("rename") && isVisible(target, around) && !isWritable(target, around);
}

/** Of two paths the one that is refused: a hard link's source; of a rename the one outside the scope, else the last. */
function subject({ name }: FailedCall, paths: readonly string[], around: Surroundings): string | undefined {
  if (!name.startsWith("rename")) return paths[0];
  return paths.find((path) => !isWritable(path, around)) ?? paths.at(-1);
}

function isWritable(path: string, { writable, guard }: Surroundings): boolean {
  return writable.some((folder) => isWithin(folder, path)) && !guard.readOnly.some((held) => isWithin(held, path));
}

/** A place that is mounted by itself cannot be moved, removed or replaced; a repository, never empty, not be `rmdir`ed anyway. */
function heldInPlace(call: FailedCall, paths: readonly string[], { guard }: Surroundings): Refusal | null {
  const { name, error, arguments: given } = call;
  const held = name === "rmdir" || given.includes("AT_REMOVEDIR") ? [] : guard.repositories;
  const target = paths.find((path) => held.includes(path) || guard.readOnly.includes(path));
  return target === undefined ? null : { kind: "write", target, detail: `${name}: ${error}` };
}

function workingFolder(pid: number | null): string | null {
  if (pid === null) return null;
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`);
  } catch {
    return null;
  }
}

/** What a process of the operator holds; its number means nothing inside. */
function otherProcess({ name }: FailedCall, target: string, around: Surroundings): Refusal | null {
  const [, pid, held] = /^\/proc\/(\d{1,10})\/(environ|mem|maps|root|cwd|exe|fd)(?:\/|$)/.exec(target) ?? [];
  if (pid === undefined || !isReachableOutside(Number(pid), around)) return null;
  return { kind: held === "environ" ? "environment" : "read", target, detail: `${name}: not visible inside` };
}

/** True where the path, or the withheld place it lies in, is there outside and not inside. */
export function isKeptFrom(target: string, kind: "read" | "write", around: Surroundings): boolean {
  const secret = around.hidden.find((place) => isWithin(place, target));
  if (secret !== undefined && around.realPath(secret) !== null) return true;
  const real = around.realPath(kind === "write" || !isText(target) ? dirname(target) : target);
  return real !== null && !isVisible(real, around);
}

/** Of a name that is no UTF-8 only the folder can be looked at. */
function isText(name: string): boolean {
  return !name.includes("\ufffd");
}

function isVisible(path: string, { shown, hidden }: Surroundings): boolean {
  return shown.some((folder) => isWithin(folder, path)) && !hidden.some((secret) => isWithin(secret, path));
}
