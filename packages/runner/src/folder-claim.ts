import { setTimeout as sleep } from "node:timers/promises";
import type { WritError } from "@writ/canon";
import { isWithin } from "@writ/kernel";
import { listClaims, publishClaim, withdrawClaim, type FolderClaim } from "./claim-registry.ts";
import type { RunnerErrorCode } from "./error-code.ts";
import { refuse } from "./refusal.ts";

/** How long to wait for another run's folders, and whom to tell. */
export interface Patience {
  /** Where the runs of this user on this machine say what they write. */
  readonly registry: string;
  /** Milliseconds; well under the grace that an intent leaves for its receipt. */
  readonly waitMs: number;
  /** Told once, when there is something to wait for. */
  readonly onWait: (line: string) => void;
}

/** Between two looks: at least this, and as much again at random, so that two that meet part again. */
const LOOK_MS = 25;

/**
 * Claims the folders that a run may write, so that what changes in them is this run's doing. Waits a bounded time for a
 * run that writes the same, or a folder within or around it. Nothing is locked against programs outside Writ.
 *
 * INVARIANT: of two claims that overlap, the later one to be published saw the other and was withdrawn; each is
 * published before it looks.
 *
 * @throws WritError `RUNNER_SCOPE_BUSY`.
 */
export async function claimFolders(
  wanted: Omit<FolderClaim, "pid" | "born">,
  patience: Patience,
  signal?: AbortSignal,
): Promise<{ readonly release: () => void }> {
  if (wanted.folders.length === 0) return { release: () => undefined };
  const name = await untilFree(patience, signal, () => {
    const mine = publishClaim(patience.registry, wanted);
    const other = overlapping(wanted.folders, patience.registry, mine);
    if (other === null) return { done: mine };
    withdrawClaim(patience.registry, mine);
    return { other };
  });
  return { release: () => withdrawClaim(patience.registry, name) };
}

/** The same wait without a claim: for asking, before a ticket is spent. @throws WritError `RUNNER_SCOPE_BUSY`. */
export async function awaitFolders(folders: readonly string[], patience: Patience): Promise<void> {
  if (folders.length === 0) return;
  await untilFree(patience, undefined, () => {
    const other = overlapping(folders, patience.registry, null);
    return other === null ? { done: true } : { other };
  });
}

type Look<T> = { readonly done: T; readonly other?: never } | { readonly other: FolderClaim; readonly done?: never };

async function untilFree<T>(
  { waitMs, onWait }: Patience,
  signal: AbortSignal | undefined,
  look: () => Look<T>,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (let told = false; ; told = true) {
    const found = look();
    if (found.other === undefined) return found.done;
    const { folders, pid, action } = found.other;
    const who = `another run (action ${action}, process ${String(pid)}) writes ${folders.map((path) => `\`${path}\``).join(", ")}`;
    if (performance.now() >= deadline || signal?.aborted === true) throw busy(who);
    if (!told) onWait(`waiting: ${who}`);
    await sleep(LOOK_MS * (1 + Math.random()));
  }
}

function overlapping(folders: readonly string[], registry: string, mine: string | null): FolderClaim | null {
  const meets = (path: string): boolean => folders.some((own) => isWithin(own, path) || isWithin(path, own));
  for (const [name, claim] of listClaims(registry)) if (name !== mine && claim.folders.some(meets)) return claim;
  return null;
}

function busy(who: string): WritError<RunnerErrorCode> {
  return refuse({
    code: "RUNNER_SCOPE_BUSY",
    reason: `${who}, and what each of the two changed could not be told apart`,
    next: "run it again when the other has ended, or give each a folder of its own",
  });
}
