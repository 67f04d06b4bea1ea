import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { DESCRIPTOR_END, inheritedDescriptors } from "./inherited.ts";
import { DESCRIPTORS } from "./launch.ts";
import type { OutputPipe } from "./named-pipe.ts";

/** What a sandbox's process gets besides the pipes that bubblewrap reads. */
export interface Standard {
  readonly stdin: boolean;
  readonly stdout: OutputPipe;
  readonly stderr: OutputPipe;
  readonly traced: boolean;
  readonly mounts: ReadonlyMap<number, number>;
}

/** Spawns over these pipes; when it fails nothing stays open. @throws what the system says. */
export async function spawnOver(
  argv: readonly string[],
  standard: Standard,
  outputs: readonly OutputPipe[],
): Promise<ChildProcess> {
  const [file = "", ...args] = argv;
  const cover = openSync("/dev/null", "r");
  try {
    const child = spawn(file, args, { cwd: "/", env: {}, stdio: descriptors(standard, cover), detached: true });
    if (child.pid === undefined) throw await new Promise((resolve) => child.once("error", resolve));
    return child;
  } catch (error) {
    // An open stream would keep this process alive for ever.
    for (const { stream } of outputs) stream.destroy();
    throw error;
  } finally {
    closeSync(cover);
    for (const output of outputs) output.release();
  }
}

/** Our own descriptors, and `/dev/null` in the place of every other that the child would inherit. */
function descriptors({ stdin, stdout, stderr, traced, mounts }: Standard, cover: number): StdioOptions {
  const input = stdin ? "pipe" : "ignore";
  const standard = traced ? [input, stdout.descriptor, "pipe"] : [input, stdout.descriptor, stderr.descriptor];
  const forBubblewrap = Array.from({ length: DESCRIPTORS.stderr - standard.length }, () => "pipe");
  const stdio = [...standard, ...forBubblewrap, traced ? stderr.descriptor : "ignore"];
  for (const [number, descriptor] of mounts) stdio[number] = descriptor;
  for (const number of inheritedDescriptors()) {
    if (number >= DESCRIPTOR_END) throw new RangeError(`descriptor ${String(number)} would leak into the sandbox`);
    if (number > DESCRIPTORS.stderr) stdio[number] ??= cover;
  }
  return Array.from(stdio, (entry) => entry ?? "ignore") as StdioOptions;
}
