import { writeSync } from "node:fs";

import { entryOf300, openFresh } from "./log-fixture.ts";

/** `load <folder>`: appends from eight callers until it is killed. `open <folder>`: opens once and says how long it took. */
const [order, folder = ""] = process.argv.slice(2);
const started = performance.now();
const ledger = await openFresh(folder, true);
const ms = performance.now() - started;
if (order === "open") {
  const { size } = await ledger.head();
  writeSync(1, JSON.stringify({ ms, size }));
  await ledger.close();
} else {
  writeSync(1, "open");
  await Promise.all(Array.from({ length: 8 }, appendForEver));
}

async function appendForEver(): Promise<void> {
  for (;;) await ledger.append([entryOf300()]);
}
