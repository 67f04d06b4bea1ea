import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import { skipOutsideCi } from "@writ/testkit";

/** What a writer did to its files, in order, with the moments at which it told its callers. */
export type DiskEvent =
  | { readonly is: "write"; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly is: "truncate"; readonly file: string; readonly size: number }
  | { readonly is: "sync"; readonly file: string }
  | { readonly is: "unlink"; readonly file: string }
  /** Another name for a file; durable with the next sync of `FOLDER`. */
  | { readonly is: "link"; readonly from: string; readonly file: string }
  | { readonly is: "ack"; readonly id: string; readonly index: number };

/** Stands for the folder of the log, where its files have their names. */
export const FOLDER = "data";

const CALLS = "write,pwrite64,writev,pwritev,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat2,link,linkat";

/** Whether `strace` can watch a process here; in CI it must. */
export function hasStrace(): boolean {
  const { status } = spawnSync("strace", ["-qq", "-o", "/dev/null", process.execPath, "-e", ""], { stdio: "ignore" });
  if (status !== 0) skipOutsideCi("file-system faults", "strace is not installed, or may not watch a process");
  return status === 0;
}

/** Command and arguments of the writer of `writer-child.ts`. */
export function writerCommand(folder: string, args: readonly string[]): string[] {
  return [
    process.execPath,
    "--conditions=writ-source",
    join(import.meta.dirname, "writer-child.ts"),
    `--folder=${folder}`,
    ...args,
  ];
}

/** Runs a writer under `strace` and gives what it did to `log.db`, what lies beside it, and the signer's memory. */
export function recordWriter(folder: string, args: readonly string[]): DiskEvent[] {
  const trace = join(folder, "trace.txt");
  const options = ["-f", "--seccomp-bpf", "-y", "-qq", "-xx", "-s", "100000", "-e", `trace=${CALLS}`, "-o", trace];
  const run = spawnSync("strace", [...options, "--", ...writerCommand(folder, args)], { encoding: "utf8" });
  if (run.status !== 0 || !run.stdout.endsWith("closed\n"))
    throw new Error(`the writer failed: ${run.stdout.slice(-200)}${run.stderr}`);
  const text = readFileSync(trace, "latin1");
  if (statSync(trace).size > 2 ** 29) throw new Error("the trace is too long");
  return text.split("\n").flatMap(eventOf);
}

const LINE = /^\d+ +(\w+)\((?:(\d+)<([^>]*)>(?:\(deleted\))?)?/;

function eventOf(line: string): DiskEvent[] {
  const [head, call = "", fd, path = ""] = LINE.exec(line) ?? [];
  if (head === undefined) return [];
  if (/^(?:un)?link|^rename/.test(call)) return renaming(call, line);
  if (fd === "1") return acks(line);
  const [file] = tracked(unhex(path));
  if (file === undefined) return [];
  if (call === "fsync" || call === "fdatasync") return [{ is: "sync", file }];
  if (call === "ftruncate") return [{ is: "truncate", file, size: Number(/, (\d+)\)?/.exec(line)?.[1]) }];
  const [, hex = "", offset] = /"((?:\\x[0-9a-f]{2})*)", \d+, (\d+)/.exec(line) ?? [];
  if (call !== "pwrite64" || offset === undefined) throw new Error(`a write of another kind: ${line.slice(0, 80)}`);
  return [{ is: "write", file, offset: Number(offset), bytes: Buffer.from(unhex(hex), "latin1") }];
}

/** What a call does to the names of files; one that failed did nothing. */
function renaming(call: string, line: string): DiskEvent[] {
  if (/ = -1 /.test(line)) return [];
  const names = [...line.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = ""]) => unhex(hex));
  const [from, file] = names.map((name) => tracked(name)[0]);
  if (call.startsWith("unlink")) return from === undefined ? [] : [{ is: "unlink", file: from }];
  if (from === undefined && file === undefined) return [];
  if (from === undefined || file === undefined || call.startsWith("rename"))
    throw new Error(`a name of another kind: ${line.slice(0, 80)}`);
  return [{ is: "link", from, file }];
}

function acks(line: string): DiskEvent[] {
  const [, hex = ""] = /"((?:\\x[0-9a-f]{2})*)"/.exec(line) ?? [];
  const [word, id = "", index] = unhex(hex).trim().split(" ");
  return word === "ack" ? [{ is: "ack", id, index: Number(index) }] : [];
}

/** Only these files carry state, drafts of the log's file among them; locks and shared memory are made again. */
const STATEFUL = /^(?:log\.db(?:\.new-\d+-[0-9a-f]+)?(?:-wal|-journal)?|data|.+\.memory)$/;

function tracked(path: string): string[] {
  const name = basename(path);
  return STATEFUL.test(name) ? [name] : [];
}

function unhex(text: string): string {
  return Buffer.from(text.replaceAll("\\x", ""), "hex").toString("latin1");
}
