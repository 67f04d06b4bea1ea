import { isWritError, sha256 } from "@writ/canon";
import { describe, expect, test } from "vitest";

import { leafHash } from "../src/hash.ts";
import { freshFolder, newEntry, open, ORIGIN } from "./ledger.ts";
import { memorySigner } from "./memory-signer.ts";

function code(error: unknown): string {
  return isWritError(error) ? error.code : String(error);
}

describe("append", () => {
  test("a new log begins with ledger.opened at index 0", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    const first = await log.get(0);
    expect(first?.value.kind).toBe("ledger.opened");
    expect(first?.value.data).toEqual({ origin: ORIGIN, format: 1 });
    await log.close();
  });

  test("an acknowledged entry is there after reopening, at its index, with its leaf", async () => {
    using folder = freshFolder();
    const signer = memorySigner(ORIGIN);
    const entry = newEntry();
    const log = await open(folder.path, signer);
    const result = await log.append([entry]);
    if (!result.ok) throw new Error(result.code);
    await log.close();
    const again = await open(folder.path, signer);
    const stored = await again.find(entry.id);
    const leaf = new Uint8Array(32);
    leafHash(stored?.bytes ?? new Uint8Array(0), leaf, 0);
    expect(stored?.index).toBe(1);
    expect(leaf).toEqual(new Uint8Array(result.entries[0]?.leaf ?? []));
    expect(await again.head()).toEqual({ size: 2, root: result.root });
    await again.close();
  });

  test("a retry with the same meaning gets the old index and adds nothing", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    const secret = { note: { content: Buffer.from("told in confidence"), type: "text/plain" } };
    const group = [newEntry({ private: secret }), newEntry({ refs: [{ rel: "answers", id: "x" }] })];
    const first = await log.append(group, { once: ["fact"] });
    const second = await log.append(group, { once: ["fact"] });
    if (!first.ok || !second.ok) throw new Error("refused");
    expect(second.duplicate).toBe(true);
    expect(second.entries).toEqual(first.entries);
    expect(second.size).toBe(3);
    await log.close();
  });

  test.each([
    ["data", { data: { step: 2 } }],
    ["kind", { kind: "x.other" as const }],
    ["who", { who: { tenant: "other" } }],
    ["private content", { private: { note: { content: Buffer.from("b"), type: "text/plain" } } }],
  ])("an id that comes back with other %s is refused", async (_what, change) => {
    using folder = freshFolder();
    const log = await open(folder.path);
    const entry = newEntry({ private: { note: { content: Buffer.from("a"), type: "text/plain" } } });
    await log.append([entry]);
    await expect(log.append([{ ...entry, ...change }])).rejects.toSatisfy((error) => code(error) === "ID_REUSED");
    expect((await log.head()).size).toBe(2);
    await log.close();
  });

  test("a guard is taken once, by the first of its group, and a refusal writes nothing", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    await log.append([newEntry(), newEntry()], { once: ["ticket:1:spent"] });
    const second = await log.append([newEntry()], { once: ["other", "ticket:1:spent"] });
    expect(second).toEqual({ ok: false, code: "ALREADY_DONE", guard: "ticket:1:spent", index: 1 });
    expect(await log.guard("ticket:1:spent")).toBe(1);
    expect(await log.guard("other")).toBeUndefined();
    expect((await log.head()).size).toBe(3);
    await log.close();
  });

  test("refused groups do not hurt the others of their batch", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    const used = newEntry();
    await log.append([used], { once: ["taken"] });
    const results = await Promise.allSettled([
      log.append([newEntry()]),
      log.append([newEntry()], { once: ["taken"] }),
      log.append([{ ...used, data: { step: 9 } }]),
      log.append([newEntry({ src: { id: "agent", n: 3 } })]),
      log.append([newEntry(), newEntry()], { once: ["free"] }),
      log.append([newEntry()], { once: ["free"] }),
      log.append([newEntry({ src: { id: "agent", n: 0 } }), newEntry({ src: { id: "agent", n: 1 } })]),
    ]);
    const seen = results.map((one) =>
      one.status === "rejected"
        ? code(one.reason)
        : one.value.ok
          ? one.value.entries.map(({ index }) => index)
          : one.value.code,
    );
    expect(seen).toEqual([[2], "ALREADY_DONE", "ID_REUSED", "SEQUENCE_GAP", [3, 4], "ALREADY_DONE", [5, 6]]);
    await log.close();
  });

  test("the same group twice in one batch is written once and answered twice", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    const entry = newEntry({ src: { id: "agent", n: 0 } });
    const [a, b] = await Promise.all([log.append([entry], { once: ["k"] }), log.append([entry], { once: ["k"] })]);
    if (!a.ok || !b.ok) throw new Error("refused");
    expect([a.duplicate, b.duplicate]).toEqual([false, true]);
    expect(b.entries).toEqual(a.entries);
    await log.close();
  });

  test("over the queue's bound the caller hears LEDGER_BUSY at once, and nothing accepted is lost", async () => {
    using folder = freshFolder();
    const log = await open(folder.path);
    const calls = Array.from({ length: 4_200 }, () => log.append([newEntry()]));
    const settled = await Promise.allSettled(calls);
    const refused = settled.filter((one) => one.status === "rejected");
    expect(refused).toHaveLength(104);
    expect(new Set(refused.map((one) => code(one.reason)))).toEqual(new Set(["LEDGER_BUSY"]));
    expect((await log.head()).size).toBe(4_097);
    await log.close();
  });

  test("every commit is answered with a checkpoint over it, and checkpoint() is stored as shown", async () => {
    using folder = freshFolder();
    const signer = memorySigner(ORIGIN);
    const log = await open(folder.path, signer);
    const result = await log.append([newEntry()]);
    if (!result.ok) throw new Error(result.code);
    expect(signer.read(result.checkpoint ?? "")).toEqual({ size: 2, root: result.root });
    expect(await log.checkpoint()).toBe(result.checkpoint);
    await log.close();
    await expect(log.append([newEntry()])).rejects.toSatisfy((error) => code(error) === "LEDGER_CLOSED");
    await expect(log.get(0)).rejects.toSatisfy((error) => code(error) === "LEDGER_CLOSED");
  });

  test("an empty tree has the root of nothing", () => {
    expect(Buffer.from(sha256("")).toString("hex")).toMatch(/^e3b0c44298fc1c14/);
  });
});
