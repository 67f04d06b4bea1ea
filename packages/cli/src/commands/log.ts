import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { EntryPage, EntryView } from "@writ/engine";
import { WritError } from "@writ/canon";
import { withQuery } from "@writ/api/client";
import { withSession, type CommonOptions } from "../command.ts";
import { exportLines } from "../owner/export-lines.ts";
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
    const view = await client.get<EntryView>(`/api/log/${encodeURIComponent(index)}`);
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
    while (!process.stdout.destroyed) {
      const page = await client.get<EntryPage>("/api/log", { after, limit: 500, run, kind });
      for (const view of page.entries) {
        process.stdout.write(output.json ? `${JSON.stringify(view)}\n` : `${printable(entryLine(view))}\n`);
        after = view.index;
      }
      if (page.next === null) await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
    }
    return 0;
  });
}

/** `writ log export [--run id] [--output file]`: a bundle that anyone can verify offline. */
export async function exportLog(
  options: CommonOptions & { readonly run?: string; readonly output?: string; readonly closed?: boolean },
): Promise<number> {
  return withSession(options, async (session) => {
    const path = withQuery("/api/log/export", { run: options.run, closed: options.closed === true });
    const sink =
      options.output === undefined ? process.stdout : createWriteStream(options.output, { flags: "wx", mode: 0o600 });
    let left = false;
    const failed = once(sink, "error").then(([cause]) => {
      left = sink === process.stdout && (cause as NodeJS.ErrnoException).code === "EPIPE";
      if (!left) throw notWritable(options.output ?? "stdout", cause);
    });
    failed.catch(() => {});
    let bytes = 0;
    for await (const part of exportLines(session.connection, path)) {
      bytes += part.byteLength;
      // A reader of stdout that has left wants no more of it.
      if (left) return 0;
      if (!sink.write(part)) await Promise.race([once(sink, "drain").catch(() => failed), failed]);
    }
    if (sink !== process.stdout) {
      sink.end();
      await Promise.race([once(sink, "close"), failed]);
      const written = { output: options.output ?? "", bytes };
      session.output.result(written, () => []);
      if (!session.output.json) session.output.note(`wrote ${written.output}`);
    }
    return 0;
  });
}

/** `writ log proof <index>`: a stand-alone proof that the entry is in the log. */
export async function proof(index: string, options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const text = await client.text(`/api/log/proof/${encodeURIComponent(index)}`);
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
