import { rmSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { EntryPage, EntryView } from "@writ/engine";
import { WritError } from "@writ/canon";
import { withQuery } from "@writ/api/client";
import { withSession, type CommonOptions } from "../command.ts";
import { indexPart } from "../route-part.ts";
import { readBytes } from "./kernel-files.ts";
import { exportLines } from "../owner/export-lines.ts";
import { toStdout } from "../terminal/output.ts";
import { printable } from "../terminal/printable.ts";

interface ListOptions extends CommonOptions {
  readonly after?: string;
  readonly limit?: string;
  readonly run?: string;
  readonly kind?: string;
}

/** `writ log list`: entries in pages, oldest first. */
export async function list(options: ListOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const { after, limit, run, kind } = options;
    const page = await client.get<EntryPage>("/api/log", { after, limit, run, kind });
    output.result(page, () => [
      ...page.entries.map(entryLine),
      ...(page.next === null ? [] : [`more: writ log list --after ${String(page.next)}`]),
    ]);
    return 0;
  });
}

/** `writ log show <index>`: one entry with what is open of its private fields. */
export async function showEntry(index: string, options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const view = await client.get<EntryView>(`/api/log/${indexPart(index)}`);
    output.result(view, () => JSON.stringify(view, undefined, 2).split("\n"));
    return 0;
  });
}

/** How often a follower asks; entries are shown within this time of their commit. */
const FOLLOW_MS = 250;

/** `writ log follow`: prints entries as they are committed, until Ctrl-C. With `--json` one line an entry. */
export async function follow(options: ListOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const { run, kind } = options;
    const { log } = await client.get<{ readonly log: { readonly size: number } }>("/api/status");
    let after = options.after === undefined ? log.size - 1 : Number(options.after);
    for (;;) {
      const page = await client.get<EntryPage>("/api/log", { after, limit: 500, run, kind });
      for (const view of page.entries) {
        const line = output.json ? JSON.stringify(view) : printable(entryLine(view));
        if (!(await toStdout(`${line}\n`))) return 0;
        after = view.index;
      }
      if (page.next === null) await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
    }
  });
}

interface ExportOptions extends CommonOptions {
  readonly run?: string;
  readonly since?: string;
  readonly output?: string;
  readonly closed?: boolean;
}

/** `writ log export [--run id] [--since file] [--output file]`: a bundle that anyone can verify offline. */
export async function exportLog(options: ExportOptions): Promise<number> {
  const { run, closed = false } = options;
  const since = options.since === undefined ? undefined : await rememberedSize(options.since);
  return withSession(options, async ({ connection, output }) => {
    const parts = exportLines(connection, withQuery("/api/log/export", { run, since, closed }));
    if (options.output === undefined) {
      for await (const part of parts) if (!(await toStdout(part))) break;
      return 0;
    }
    const written = { output: options.output, bytes: await writeNewFile(options.output, parts) };
    output.result(written, () => []);
    if (!output.json) output.note(`wrote ${written.output}`);
    return 0;
  });
}

/** The size that a checkpoint's file speaks of. Throws `FILE_UNREADABLE`, `NOTE_INVALID` or `CHECKPOINT_INVALID`. */
async function rememberedSize(path: string): Promise<number> {
  const { parseCheckpoint, parseNote } = await import("@writ/ledger");
  return parseCheckpoint(parseNote(readBytes(path)).text).size;
}

/** A file that is there whole or not at all; returns its bytes. @throws WritError `OUTPUT_FAILED`. */
async function writeNewFile(path: string, parts: AsyncIterable<Uint8Array>): Promise<number> {
  let file: FileHandle | undefined;
  let bytes = 0;
  try {
    for await (const part of parts) {
      file ??= await open(path, "wx", 0o600);
      await file.writeFile(part);
      bytes += part.byteLength;
    }
    await file?.sync();
    await file?.close();
    return bytes;
  } catch (error) {
    if (file !== undefined) {
      await file.close().catch(() => {});
      rmSync(path, { force: true });
    }
    throw error instanceof WritError ? error : notWritable(path, error);
  }
}

/** `writ log proof <index>`: a stand-alone proof that the entry is in the log. */
export async function proof(index: string, options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const text = await client.text(`/api/log/proof/${indexPart(index)}`);
    if (output.json) output.result({ index: Number(index), proof: text }, () => []);
    else process.stdout.write(text);
    return 0;
  });
}

export function entryLine({ index, entry }: EntryView): string {
  const { action_id: action, outcome, tool, reason } = entry.data as Record<string, unknown>;
  const words = [outcome, tool, reason, action].filter((word) => typeof word === "string");
  return `${String(index).padStart(6)}  ${entry.at}  ${entry.kind.padEnd(20)} ${words.join("  ")}`;
}

function notWritable(path: string, cause: unknown): WritError {
  return new WritError({
    code: "OUTPUT_FAILED",
    message: `cannot write \`${path}\``,
    reason: (cause as NodeJS.ErrnoException).code ?? "the system refused",
    next: "choose a path that is writable and does not exist yet",
    cause,
  });
}
