import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { entryText } from "./support/log-maker.ts";
import { verifyLogFile } from "../src/node.ts";
import type { VerifyResult } from "../src/index.ts";
import { writeLogDatabase } from "./support/log-database.ts";
import { log, noteOf, otherLog, policy, sampleEntries, TIME, witness } from "./support/sample.ts";

let folder = "";
let original: Buffer;
const SIZE = 700;
const { entries, openings } = sampleEntries(SIZE);
const CHECKPOINTS = [1, 100, 256, 300, 512, 600, SIZE];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-verify-"));
  const path = join(folder, "log.db");
  writeLogDatabase(path, {
    entries,
    log,
    checkpoints: CHECKPOINTS,
    witness: { signer: witness, time: TIME },
    openings,
  });
  original = readFileSync(path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
function verifyAfter(
  tamper: (db: DatabaseSync) => void,
  options: { depth?: "full" | "quick"; since?: string } = {},
): VerifyResult {
  copies += 1;
  const path = join(folder, `copy-${copies}.db`);
  writeFileSync(path, original);
  const db = new DatabaseSync(path);
  tamper(db);
  db.close();
  const result = verifyLogFile(path, { policy, depth: "full", ...options });
  rmSync(path);
  return result;
}
const nothing = (): void => {};
const sql =
  (text: string) =>
  (db: DatabaseSync): void =>
    db.exec(text);

/** Where the first page of a table or index lies in the file. */
function pageOf(name: string): { readonly start: number; readonly end: number } {
  const path = join(folder, "pages.db");
  writeFileSync(path, original);
  const db = new DatabaseSync(path, { readOnly: true });
  const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(name)?.["rootpage"];
  const size = db.prepare("PRAGMA page_size").get()?.["page_size"];
  db.close();
  return { start: (Number(root) - 1) * Number(size), end: Number(root) * Number(size) };
}

describe("an untouched log", () => {
  test.each(["full", "quick"] as const)("passes the %s check", (depth) => {
    const result = verifyAfter(nothing, { depth });
    expect(result).toMatchObject({ ok: true, exitCode: 0, size: SIZE, origin: log.name, findings: [] });
    if (depth === "full") expect(result).toMatchObject({ entries: SIZE, opened: 1 });
  });

  test.each(["full", "quick"] as const)("extends every earlier checkpoint in the %s check", (depth) => {
    for (const size of [1, 2, 255, 256, 257, 511, 512, 513, SIZE]) {
      expect(verifyAfter(nothing, { depth, since: noteOf(entries.slice(0, size)) }).exitCode, `${size}`).toBe(0);
    }
  });

  test.each(["full", "quick"] as const)("does not extend another history in the %s check", (depth) => {
    const other = entries.slice(0, 300).with(7, entryText({ n: 7, counter: 5 }));
    const result = verifyAfter(nothing, { depth, since: noteOf(other) });
    expect(result.exitCode).toBe(4);
    expect(result.findings.map(({ code }) => code)).toEqual(["SINCE_INCONSISTENT"]);
  });

  test("is a rollback when a later checkpoint is remembered", () => {
    const longer = [...entries, entryText({ n: SIZE })];
    expect(verifyAfter(nothing, { since: noteOf(longer) }).findings).toMatchObject([{ code: "ROLLED_BACK" }]);
  });
});

type Attack = readonly [name: string, tamper: (db: DatabaseSync) => void, code: string, exitCode: number];

/** Name and id of a verifier key. */
function labelOf(vkey: string): { readonly name: string; readonly id: string } {
  const [name = "", id = ""] = vkey.split("+");
  return { name, id };
}

describe("a log beside which no file can be made", () => {
  test("is checked where it has no WAL", () => {
    // With the four signs of `-wal` the name is longer than a name can be.
    const path = join(folder, "n".repeat(253));
    writeFileSync(path, original);
    inWalMode(path);
    for (const depth of ["full", "quick"] as const)
      expect(verifyLogFile(path, { policy, depth })).toMatchObject({ ok: true, size: SIZE });
  });

  test("is refused where its WAL cannot be read: its end may be in there", () => {
    const path = join(folder, "hidden-end.db");
    writeFileSync(path, original);
    inWalMode(path);
    mkdirSync(join(`${path}-wal`, "inside"), { recursive: true });
    expect(() => verifyLogFile(path, { policy, depth: "full" })).toThrow(
      expect.objectContaining({ code: "FILE_UNREADABLE" }),
    );
  });

  /** The versions of the file format say so (https://www.sqlite.org/fileformat.html#file_format_version_numbers). */
  function inWalMode(path: string): void {
    const file = openSync(path, "r+");
    writeSync(file, Uint8Array.of(2, 2), 0, 2, 18);
    closeSync(file);
  }
});

describe("the full check finds", () => {
  const forged = entryText({ n: 5, emitter: "agent-7", run: "run-1", counter: 3, data: { tool: "other" } });
  /** Puts another label on a line of an older checkpoint. */
  const relabel =
    (signer: { readonly name: string; readonly id: string }, name: string, id: string) =>
    (db: DatabaseSync): void => {
      const note = noteOf(entries.slice(0, 300));
      const line = note.split("\n").find((one) => one.startsWith(`\u2014 ${signer.name} `)) ?? expect.unreachable();
      const bytes = Buffer.from(line.split(" ")[2] ?? "", "base64");
      expect(bytes.toString("hex", 0, 4)).toBe(signer.id);
      Buffer.from(id, "hex").copy(bytes);
      const text = note.replace(line, `\u2014 ${name} ${bytes.toString("base64")}`);
      db.prepare("UPDATE checkpoint SET note = ? WHERE size = 300").run(text);
    };
  const keys = [
    ["the log", labelOf(log.vkey)],
    ["a witness", labelOf(witness.vkey)],
  ] as const;
  const relabellings = keys.flatMap(([who, label]): Attack[] => [
    [`another name of ${who} in an older checkpoint`, relabel(label, `${label.name}x`, label.id), "SIGNATURE_BAD", 4],
    [`another key id of ${who} in an older checkpoint`, relabel(label, label.name, "00000000"), "SIGNATURE_BAD", 4],
  ]);
  const attacks: readonly Attack[] = [
    ["a changed entry", (db) => db.prepare("UPDATE entry SET body = ? WHERE idx = 5").run(forged), "TILE_MISMATCH", 4],
    [
      "a changed entry at the right edge",
      (db) => db.prepare("UPDATE entry SET body = ? WHERE idx = 690").run(forged),
      "ROOT_MISMATCH",
      4,
    ],
    ["an entry that is gone", sql("DELETE FROM entry WHERE idx = 300"), "INDEX_GAP", 4],
    ["an entry that is gone at the right edge", sql("DELETE FROM entry WHERE idx = 650"), "INDEX_GAP", 4],
    ["a cut end", sql("DELETE FROM entry WHERE idx >= 650"), "SIZE_MISMATCH", 4],
    [
      "an entry too many",
      sql("INSERT INTO entry SELECT 700, zeroblob(16), body FROM entry WHERE idx = 5"),
      "SIZE_MISMATCH",
      4,
    ],
    [
      "two entries exchanged",
      sql(
        "UPDATE entry SET idx = -1 WHERE idx = 8; UPDATE entry SET idx = 8 WHERE idx = 9; UPDATE entry SET idx = 9 WHERE idx = -1",
      ),
      "TILE_MISMATCH",
      4,
    ],
    ["a changed tile", sql("UPDATE tile SET hashes = zeroblob(8192) WHERE pos = 1"), "TILE_MISMATCH", 4],
    ["a tile that is gone", sql("DELETE FROM tile WHERE pos = 1"), "TILE_MISSING", 5],
    ["a tile too many", sql("INSERT INTO tile VALUES (99, zeroblob(8192))"), "TILE_EXTRA", 4],
    ["a changed id column", sql("UPDATE entry SET id = zeroblob(16) WHERE idx = 9"), "ID_MISMATCH", 4],
    [
      "a repeated id",
      sql("UPDATE entry SET id = (SELECT id FROM entry WHERE idx = 8) WHERE idx = 9"),
      "ID_REPEATED",
      4,
    ],
    ["a changed counter table", sql("UPDATE source SET next = next + 1"), "SOURCE_MISMATCH", 4],
    ["a row of it that is gone", sql("DELETE FROM source WHERE id = CAST('agent-7' AS BLOB)"), "SOURCE_MISMATCH", 4],
    ["changed private content", sql("UPDATE private SET body = x'00'"), "COMMITMENT_MISMATCH", 4],
    ["a changed salt", sql("UPDATE private SET salt = zeroblob(32)"), "COMMITMENT_MISMATCH", 4],
    [
      "private content of no entry",
      sql("INSERT INTO private VALUES (9999, 'f', zeroblob(32), x'', NULL)"),
      "COMMITMENT_MISMATCH",
      4,
    ],
    ["private content that is gone without an erasure", sql("DELETE FROM private"), "PRIVATE_MISSING", 5],
    [
      "an entry before the first",
      sql("INSERT INTO entry SELECT -5, zeroblob(16), body FROM entry WHERE idx = 5"),
      "INDEX_GAP",
      4,
    ],
    [
      "a view in a table's place, which could show each reader something else",
      sql("ALTER TABLE entry RENAME TO kept; CREATE VIEW entry AS SELECT idx, id, body FROM kept"),
      "DATABASE_DAMAGED",
      4,
    ],
    ["a changed head root", sql("UPDATE head SET root = zeroblob(32)"), "HEAD_MISMATCH", 4],
    ["a changed frontier", sql("UPDATE head SET frontier = zeroblob(length(frontier))"), "HEAD_MISMATCH", 4],
    ["a changed head size", sql("UPDATE head SET size = 699"), "SIZE_MISMATCH", 4],
    [
      "a changed checkpoint root column",
      sql("UPDATE checkpoint SET root = zeroblob(32) WHERE size = 300"),
      "CHECKPOINT_MISMATCH",
      4,
    ],
    [
      "a changed checkpoint note",
      sql(
        "UPDATE checkpoint SET note = replace(note, char(10) || '300' || char(10), char(10) || '301' || char(10)) WHERE size = 300",
      ),
      "SIGNATURE_BAD",
      4,
    ],
    [
      "another log's checkpoint",
      (db) => {
        const text = noteOf(entries.slice(0, 300)).replaceAll(log.name, otherLog.name);
        db.prepare("UPDATE checkpoint SET note = ? WHERE size = 300").run(text);
      },
      "ORIGIN_MISMATCH",
      4,
    ],
    ...relabellings,
    ["no checkpoint at all", sql("DELETE FROM checkpoint"), "NO_CHECKPOINT", 5],
    ["a renamed log", sql("UPDATE meta SET v = 'other.example/x' WHERE k = 'origin'"), "ORIGIN_MISMATCH", 4],
    [
      "an empty log",
      sql(
        "DELETE FROM entry; DELETE FROM tile; DELETE FROM source; DELETE FROM private; DELETE FROM checkpoint; UPDATE head SET size = 0, frontier = x'', root = x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
      ),
      "EMPTY",
      5,
    ],
    ["no head", sql("DELETE FROM head"), "EMPTY", 5],
    ["no table of entries", sql("DROP TABLE entry"), "DATABASE_DAMAGED", 4],
  ];
  test.each(attacks)("%s", (_name, tamper, code, exitCode) => {
    const result = verifyAfter(tamper);
    expect(result.findings.map((finding) => finding.code)).toContain(code);
    expect(result.exitCode).toBe(exitCode);
  });

  test("content that an erasure says is gone and that is there", () => {
    const [[index, [opening]] = [0, []]] = [...openings];
    const field = opening?.field ?? expect.unreachable();
    const erased = [{ index, fields: [field] }];
    const erasure = entryText({
      n: SIZE,
      emitter: "eraser",
      counter: 0,
      kind: "erasure",
      data: { approver: "p", erased, ground: "g" },
    });
    const path = join(folder, "erasure.db");
    const parts = { entries: [...entries, erasure], log, checkpoints: [SIZE + 1], openings };
    writeLogDatabase(path, { ...parts, witness: { signer: witness, time: TIME } });
    const check = (depth: "full" | "quick") => verifyLogFile(path, { policy, depth });
    expect(check("full")).toMatchObject({ exitCode: 4, findings: [{ code: "NOT_ERASED", where: { index, field } }] });
    expect(check("quick").exitCode).toBe(0);
    const db = new DatabaseSync(path);
    db.exec("DELETE FROM private");
    db.close();
    expect(check("full")).toMatchObject({ exitCode: 0, findings: [] });
  });

  test("content longer by a seal, unless it may be sealed; then it counts as not proven", () => {
    const path = join(folder, "sealed.db");
    writeFileSync(path, original);
    const db = new DatabaseSync(path);
    db.exec("UPDATE private SET body = CAST(body || zeroblob(28) AS BLOB)");
    db.close();
    const check = (sealed: boolean) => verifyLogFile(path, { policy, depth: "full", sealed });
    expect(check(false)).toMatchObject({ exitCode: 4, findings: [{ code: "COMMITMENT_MISMATCH" }] });
    expect(check(true)).toMatchObject({ exitCode: 0, opened: 0 });
    expect(check(true).notProven).toContain("that 1 private fields, which are sealed, hold what was committed to");
  });

  test("where a changed entry is, and the last good size", () => {
    const result = verifyAfter((db) => db.prepare("UPDATE entry SET body = ? WHERE idx = 290").run(forged));
    expect(result.findings).toContainEqual(
      expect.objectContaining({ code: "TILE_MISMATCH", where: { index: 290, tile: "0/1" } }),
    );
    expect(result.findings).toContainEqual(
      expect.objectContaining({ code: "ROOT_MISMATCH", where: { size: 300 }, lastGoodSize: 256 }),
    );
  });

  test("a changed name in an index, by which the log would be asked, though the table is whole", () => {
    const path = join(folder, "index.db");
    const page = pageOf("sqlite_autoindex_source_1");
    const bytes = Buffer.from(original);
    const at = bytes.indexOf("emitter-a", page.start);
    expect(at).toBeLessThan(page.end);
    bytes[at + 1] = (bytes[at + 1] ?? 0) ^ 0x80;
    writeFileSync(path, bytes);
    expect(verifyLogFile(path, { policy, depth: "full" })).toMatchObject({
      exitCode: 4,
      findings: [{ code: "DATABASE_DAMAGED", what: expect.stringContaining("sqlite_autoindex_source_1") }],
    });
  });

  test("every flipped bit of the signed notes, of the newest and of the older ones", () => {
    const { entries: small, openings } = sampleEntries(9);
    const path = join(folder, "notes.db");
    const signers = { log, witness: { signer: witness, time: TIME } };
    writeLogDatabase(path, { entries: small, openings, checkpoints: [4, 9], ...signers });
    const good = readFileSync(path);
    expect(verifyLogFile(path, { policy, depth: "full" })).toMatchObject({ ok: true, findings: [] });
    const missed: string[] = [];
    for (const size of [4, 9]) {
      const note = noteOf(small.slice(0, size));
      const start = good.indexOf(note);
      expect(start).toBeGreaterThan(0);
      for (let at = start; at < start + Buffer.byteLength(note); at++) {
        for (const bit of [0, at % 8]) {
          const bytes = Buffer.from(good);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
          writeFileSync(path, bytes);
          if (verifyLogFile(path, { policy, depth: "full" }).ok)
            missed.push(`size ${size}, bit ${bit} of ${at - start}`);
        }
      }
    }
    expect(missed).toEqual([]);
  });

  test("every flipped bit in what the log holds, or leaves the content as it was", () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    let state = seed;
    const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 1) / 2 ** 31;
    const dump = (path: string): string => {
      const db = new DatabaseSync(path, { readOnly: true });
      try {
        const tables = ["head", "entry", "tile", "source", "private", "meta"];
        // When a note was stored and whether it was shown is no content.
        const signed = db.prepare("SELECT size, root, note FROM checkpoint ORDER BY size").all();
        const texts = signed.map((row) => JSON.stringify(row));
        const rows = tables.map((name) => {
          // What a column is called is no content.
          const all = db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all();
          return JSON.stringify(all.map((row) => Object.values(row)));
        });
        return [...rows, ...texts].join("\n");
      } finally {
        db.close();
      }
    };
    const path = join(folder, "flip.db");
    writeFileSync(path, original);
    const before = dump(path);
    let passed = 0;
    for (let round = 0; round < 150; round += 1) {
      const bytes = Buffer.from(original);
      const at = 100 + Math.floor(random() * (bytes.length - 100));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      writeFileSync(path, bytes);
      let ok: boolean;
      try {
        ok = verifyLogFile(path, { policy, depth: "full" }).ok;
      } catch (error) {
        expect(error).toMatchObject({ name: "VerifyError" });
        ok = false;
      }
      if (!ok) continue;
      passed += 1;
      expect(dump(path), `seed ${seed}, byte ${at}`).toBe(before);
    }
    console.log(`bit flips: 150 tried with seed ${seed}, ${passed} changed no content`);
  });
});

describe("the quick check finds", () => {
  test.each<readonly [string, string, string, number]>([
    ["a cut end", "DELETE FROM entry WHERE idx >= 650", "SIZE_MISMATCH", 4],
    ["a changed frontier", "UPDATE head SET frontier = zeroblob(length(frontier))", "HEAD_MISMATCH", 4],
    ["a changed right edge", "UPDATE entry SET body = '{}' WHERE idx = 690", "EDGE_MISMATCH", 4],
    ["a changed tile", "UPDATE tile SET hashes = zeroblob(8192) WHERE pos = 1", "EDGE_MISMATCH", 4],
    ["no checkpoint", "DELETE FROM checkpoint", "NO_CHECKPOINT", 5],
    ["an empty log", "DELETE FROM entry; UPDATE head SET size = 0", "EMPTY", 5],
  ])("%s", (_name, text, code, exitCode) => {
    const result = verifyAfter(sql(text), { depth: "quick" });
    expect(result.findings.map((finding) => finding.code)).toContain(code);
    expect(result.exitCode).toBe(exitCode);
  });
});
