import { createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { exportBundle, openFileSigner, openLedgerFile } from "@writ/ledger";
import type { OpenLedger } from "@writ/ledger";

import { systemPorts } from "./log-fixture.ts";
import type { LogFixture } from "./report.ts";

/** Opens a made log again, with the key it was made with. */
export function reopen(log: LogFixture): Promise<OpenLedger> {
  return openLedgerFile({
    path: log.path,
    signer: (origin) => openFileSigner({ keyHome: log.keyHome, origin, dataHome: dirname(log.path) }),
    ...systemPorts,
    origin: log.origin,
    signEachCommit: false,
  });
}

/** Every entry of a log as a bundle; returns its path. */
export async function exportWhole(log: LogFixture, folder: string): Promise<string> {
  const ledger = await reopen(log);
  const path = join(folder, "whole.jsonl");
  const { size } = await ledger.head();
  const lines = exportBundle(ledger, { range: [0, size] });
  await pipeline(Readable.from(pieces(lines)), createWriteStream(path));
  await ledger.close();
  return path;
}

/** Lines gathered to larger writes. */
async function* pieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < 1 << 18) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}
