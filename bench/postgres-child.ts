import { writeSync } from "node:fs";
import { parseArgs } from "node:util";

import { isWritError } from "@writ/canon";
import { connectSigner, openLedger } from "@writ/ledger";
import { openPostgres } from "@writ/store";

import { entryOf300, systemPorts } from "./log-fixture.ts";

/** One node of a log on PostgreSQL: appends groups of 64 with four callers for a while, then says how many were acknowledged. */
const text = { type: "string", default: "" } as const;
const { values } = parseArgs({ options: { url: text, schema: text, socket: text, ms: text } });
const GROUP = 64;
const CALLERS = 4;

const signer = await connectSigner(values.socket);
const ledger = await openLedger({
  database: await openPostgres({ connectionString: values.url, schema: values.schema }),
  signer,
  ...systemPorts,
  origin: signer.name,
});
let entries = 0;
const started = performance.now();
const end = started + Number(values.ms);
await Promise.all(Array.from({ length: CALLERS }, appendUntilEnd));
const seconds = (performance.now() - started) / 1000;
await ledger.close();
writeSync(1, JSON.stringify({ entries, seconds }));
process.exit();

async function appendUntilEnd(): Promise<void> {
  while (performance.now() < end) {
    const group = Array.from({ length: GROUP }, entryOf300);
    for (let answered = false; !answered;) {
      try {
        const result = await ledger.append(group);
        answered = true;
        if (result.ok) entries += GROUP;
      } catch (error) {
        if (!isWritError(error, "LEDGER_BUSY")) throw error;
      }
    }
  }
}
