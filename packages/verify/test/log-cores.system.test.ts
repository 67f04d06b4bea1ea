import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, expect, test } from "vitest";

import { BLOCK_ENTRIES, checkBlock } from "../src/log-block.ts";
import { checkBeside } from "../src/log-workers.ts";
import { LogRows } from "../src/log-rows.ts";
import { verifyLogFile, verifyLogFileOnAllCores } from "../src/node.ts";
import { writeLogDatabase } from "./support/log-database.ts";
import { checkpointNote, entryText } from "./support/log-maker.ts";
import { log, logOnly as policy, sampleEntries } from "./support/sample.ts";

// Two whole blocks, some entries more, and checkpoints inside, between and after them.
const SIZE = 2 * BLOCK_ENTRIES + 300;
const { entries, openings } = sampleEntries(SIZE);
let folder = "";
let path = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-verify-"));
  path = join(folder, "log.db");
  writeLogDatabase(path, { entries, log, checkpoints: [1, 1000, BLOCK_ENTRIES, 100_001, SIZE], openings });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("several cores say what one says", { timeout: 120_000 }, async () => {
  const since = checkpointNote(entries.slice(0, 70_000), log);
  const options = { policy, depth: "full", since } as const;
  const shared = await verifyLogFileOnAllCores(path, options);
  expect(shared).toMatchObject({ ok: true, entries: SIZE, opened: 1, findings: [] });
  expect(shared).toEqual(verifyLogFile(path, options));
});

test("a block by itself is found clean, with the roots that were asked for", () => {
  const rows = new LogRows(path);
  const block = checkBlock(rows, { from: BLOCK_ENTRIES, sizes: [100_001] });
  rows.close();
  expect(block?.emitters.map(([id]) => id)).toEqual(["agent-7"]);
  expect([...(block?.frontiers.keys() ?? [])]).toEqual([100_001]);
});

test("each core takes blocks, in a thread that starts from the sources too", async () => {
  const tasks = [0, BLOCK_ENTRIES].map((from) => ({ from, sizes: [] }));
  const { blocks, tableFaults } = await checkBeside(path, tasks);
  const shares = availableParallelism() > 1;
  expect([...blocks.keys()].sort((a, b) => a - b)).toEqual(shares ? [0, BLOCK_ENTRIES] : []);
  expect(tableFaults).toEqual(shares ? { faults: [], repeatedId: false } : undefined);
  expect(await checkBeside(join(folder, "nothing.db"), tasks)).toEqual({ blocks: new Map() });
});

test("several cores find what one finds", { timeout: 240_000 }, async () => {
  const other = entryText({ n: 5, emitter: "agent-7", run: "run-1", counter: 3, data: { tool: "other" } });
  const undo = new Map<string, string>([
    [`UPDATE entry SET body = '${other}' WHERE idx = 5`, `UPDATE entry SET body = '${entries[5] ?? ""}' WHERE idx = 5`],
    [
      "UPDATE checkpoint SET size = 100002 WHERE size = 100001",
      "UPDATE checkpoint SET size = 100001 WHERE size = 100002",
    ],
    [
      "UPDATE private SET idx = 70000, salt = zeroblob(32)",
      `UPDATE private SET idx = 3, salt = x'${Buffer.from(openings.get(3)?.[0]?.salt ?? []).toString("hex")}'`,
    ],
    [
      "UPDATE entry SET id = (SELECT id FROM entry WHERE idx = 6) WHERE idx = 7",
      "UPDATE entry SET id = unhex(replace(body ->> '$.id', '-', '')) WHERE idx = 7",
    ],
    ["UPDATE entry SET idx = -1 WHERE idx = 131071", "UPDATE entry SET idx = 131071 WHERE idx = -1"],
  ]);
  for (const [harm, repair] of undo) {
    const db = new DatabaseSync(path);
    db.exec(harm);
    const options = { policy, depth: "full" } as const;
    const shared = await verifyLogFileOnAllCores(path, options);
    expect(shared.exitCode, harm).toBe(4);
    expect(shared, harm).toEqual(verifyLogFile(path, options));
    db.exec(repair);
    db.close();
  }
  expect((await verifyLogFileOnAllCores(path, { policy, depth: "full" })).findings).toEqual([]);
});
