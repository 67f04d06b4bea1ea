import { spawn } from "node:child_process";
import { openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { failureOf } from "@writ/api/client";
import { isWritError, WritError } from "@writ/canon";
import type { Homes } from "../homes.ts";
import type { OwnerHealth } from "./connect.ts";
import { makeHomeFolder, unwritable } from "./home-folder.ts";

/** A start that takes longer than this has failed; it covers opening a log of a million entries (ARCHITECTURE §8). */
const START_MS_MAX = 30_000;
const POLL_MS = 15;

/**
 * Starts an owner in the background unless another command is doing so, and waits until it answers.
 *
 * @throws the owner's own error when it cannot start; `OWNER_UNREACHABLE` when it does not answer in time.
 */
export async function ensureOwner(homes: Homes, ask: () => Promise<OwnerHealth | undefined>): Promise<void> {
  const deadline = performance.now() + START_MS_MAX;
  while (performance.now() < deadline) {
    const release = claimStart(homes);
    if (release !== undefined) {
      try {
        if ((await ask()) === undefined) await startOwner(homes);
      } catch (error) {
        // Another owner holds the log and will answer in a moment.
        if (!isWritError(error, "LEDGER_OWNED")) throw error;
      } finally {
        release();
      }
    }
    if ((await ask()) !== undefined) return;
    await sleep(POLL_MS);
  }
  throw late(homes);
}

function late(homes: Homes): WritError {
  return new WritError({
    code: "OWNER_UNREACHABLE",
    message: "the owner of the log did not answer in time",
    reason: `waited ${String(START_MS_MAX)} ms`,
    next: `look at \`${logFile(homes)}\`; \`writ doctor\` says what is wrong`,
  });
}

/** One starter at a time: twenty commands at once should start one owner, not twenty. */
function claimStart(homes: Homes): (() => void) | undefined {
  const folder = join(homes.data, "run");
  const claim = join(folder, "starting");
  try {
    makeHomeFolder(folder);
    writeFileSync(claim, String(process.pid), { flag: "wx", mode: 0o600 });
    return () => rmSync(claim, { force: true });
  } catch (error) {
    if (error instanceof WritError) throw error;
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(folder, error);
    if (!isAlive(claim)) rmSync(claim, { force: true });
    return undefined;
  }
}

/** False when the claim is gone, or its process is, or its number is another's now: it was killed between claim and release. */
function isAlive(claim: string): boolean {
  try {
    if (Date.now() - statSync(claim).mtimeMs > START_MS_MAX) return false;
    process.kill(Number(readFileSync(claim, "utf8")) || process.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Starts the process in a session of its own and waits for its one line: ready, or why not. */
async function startOwner(homes: Homes): Promise<void> {
  const log = openSync(logFile(homes), "a", 0o600);
  const entry = process.argv[1];
  if (entry === undefined) throw new Error("the command does not know its own path");
  const child = spawn(
    process.execPath,
    [...process.execArgv, entry, "owner", "--home", homes.data, "--ready-fd", "3"],
    {
      detached: true,
      stdio: ["ignore", log, log, "pipe"],
      cwd: "/",
    },
  );
  child.unref();
  const line = await firstLine(child.stdio[3] as Readable);
  if (line === undefined) throw late(homes);
  if (line !== "ready") throw failureOf({ status: 500, text: line });
}

/** Undefined when none came in time; the owner goes on opening its log, and the next command finds it. */
function firstLine(stream: Readable): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(undefined);
      stream.destroy();
    }, START_MS_MAX);
    stream.on("close", () => clearTimeout(timer));
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (part: string) => {
      text += part;
      const end = text.indexOf("\n");
      if (end === -1) return;
      resolve(text.slice(0, end));
      stream.destroy();
    });
    stream.on("end", () => resolve(text));
    stream.on("error", reject);
  });
}

function logFile(homes: Homes): string {
  return join(homes.data, "run", "owner.log");
}
