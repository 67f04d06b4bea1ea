import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { isWritError } from "@writ/canon";
import { openPostgres } from "@writ/store";

import { openLedger } from "../src/open-ledger.ts";
import { connectSigner } from "../src/signer-process-client.ts";
import { newEntry } from "./ledger.ts";

/**
 * One node of a log on PostgreSQL. Says `open`, then `ack <id> <index>` for each entry that was answered, until its
 * standard input says `stop`; `clock <ms>` moves its clock. A busy log is asked again with the same entry.
 */
const { values } = parseArgs({
  options: {
    url: { type: "string", default: "" },
    schema: { type: "string", default: "" },
    socket: { type: "string", default: "" },
    callers: { type: "string", default: "8" },
  },
});

const state = { clockOffset: 0, stopping: false };
const say = (line: string) => process.stdout.write(`${line}\n`);

createInterface({ input: process.stdin }).on("line", (line) => {
  const [order, value] = line.split(" ");
  if (order === "clock") state.clockOffset = Number(value);
  if (order === "stop") state.stopping = true;
});

const signer = await connectSigner(values.socket);
const log = await openLedger({
  database: await openPostgres({ connectionString: values.url, schema: values.schema, replyMsMax: 20_000 }),
  signer,
  clock: { now: () => Date.now() + state.clockOffset },
  random: (bytes) => randomBytes(bytes),
  origin: signer.name,
});
say("open");

async function caller(number: number): Promise<void> {
  while (!state.stopping) {
    const group = Array.from({ length: 1 + (number % 3) }, () => newEntry());
    for (let answered = false; !answered;) {
      try {
        const result = await log.append(group);
        if (result.ok) for (const { id, index } of result.entries) say(`ack ${id} ${index}`);
        answered = true;
      } catch (error) {
        if (!isWritError(error, "LEDGER_BUSY")) throw error;
      }
    }
  }
}

try {
  await Promise.all(Array.from({ length: Number(values.callers) }, (_, number) => caller(number)));
  await log.close();
  say("closed");
} catch (error) {
  say(`failed ${isWritError(error) ? `${error.code} ${JSON.stringify(error.details)}` : String(error)}`);
}
process.exit();
