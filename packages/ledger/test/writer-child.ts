import { writeSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { checkpointWal, openSqlite } from "@writ/store";
import type { Database } from "@writ/store";

import type { HeadSignerSource } from "../src/head-signer.ts";
import type { OpenLedger } from "../src/log-ledger.ts";
import { LEDGER_APPLICATION_ID, openLedgerFile } from "../src/open-ledger-file.ts";
import { openLedger } from "../src/open-ledger.ts";
import { openFileSigner } from "../src/signer-file.ts";
import { newEntry, ORIGIN, systemPorts } from "./ledger.ts";

/**
 * A writer to be killed, cut off and starved: appends from `callers` at once and says `ack <id> <index>` only for what
 * was answered. Ends by itself after `rounds` of each caller; any refusal is said and ends it.
 */
const { values } = parseArgs({
  options: {
    folder: { type: "string", default: "." },
    callers: { type: "string", default: "8" },
    rounds: { type: "string", default: "1000000" },
    payload: { type: "string", default: "200" },
    /** Bursts of appends, with the write-ahead log moved into the database after each. */
    bursts: { type: "string", default: "1" },
    /** A control: `synchronous = NORMAL`, and settings that claim otherwise. */
    normal: { type: "boolean", default: false },
  },
});

const folder = values.folder;
const say = (line: string) => writeSync(1, `${line}\n`);

async function appendAll(log: OpenLedger): Promise<void> {
  const rounds = Number(values.rounds);
  const data = { text: "x".repeat(Number(values.payload)) };
  const callers = Array.from({ length: Number(values.callers) }, async (_, caller) => {
    for (let round = 0; round < rounds; round++) {
      const fields =
        round % 10 === 3 ? { private: { note: { content: Buffer.from("p".repeat(900)), type: "a/b" } } } : {};
      const group = Array.from({ length: 1 + (caller % 3) }, () => newEntry({ data, ...fields }));
      const result = await log.append(group);
      if (result.ok) for (const { id, index } of result.entries) say(`ack ${id} ${index}`);
    }
  });
  await Promise.all(callers);
}

function openCareless(path: string, signer: HeadSignerSource): Promise<OpenLedger> {
  const inner = openSqlite({ path, durable: "rebuildable", applicationId: LEDGER_APPLICATION_ID });
  const settings = async () => ({ ...(await inner.settings()), synchronous: "2" });
  const database: Database = {
    dialect: "sqlite",
    settings,
    write: (work) => inner.write(work),
    read: (work) => inner.read(work),
    iterate: (sql, params) => inner.iterate(sql, params),
    migrate: (migrations) => inner.migrate(migrations),
    close: () => inner.close(),
  };
  return openLedger({ database, signer, ...systemPorts(), origin: ORIGIN });
}

try {
  const signer = (origin: string) => openFileSigner({ keyHome: join(folder, "keys"), origin, create: true });
  const path = join(folder, "data", "log.db");
  const log = values.normal
    ? await openCareless(path, signer)
    : await openLedgerFile({ path, signer, ...systemPorts(), origin: ORIGIN });
  say("open");
  for (let burst = 0; burst < Number(values.bursts); burst++) {
    if (burst > 0) checkpointWal(path, "restart");
    await appendAll(log);
  }
  await log.close();
  say("closed");
} catch (error) {
  say(`failed ${error instanceof Error && "code" in error ? String(error.code) : String(error)}`);
  process.exit(1);
}
