import { describe, expect, test } from "vitest";
import { freshFolder, newEntry, open, ORIGIN } from "./ledger.ts";
import { memorySigner } from "./memory-signer.ts";

describe("§27 no. 5: once-only facts are unique rows of a transactional store", () => {
  test.each(["nonce:n-1", "ticket:1:spent", "replay:root-1", "lease:7"])(
    "of twenty claims of `%s` at the same moment one is granted, and nothing of the others is written",
    async (fact) => {
      using folder = freshFolder();
      const log = await open(folder.path);
      const claims = await Promise.all(Array.from({ length: 20 }, () => log.append([newEntry()], { once: [fact] })));
      expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
      expect((await log.head()).size).toBe(2);
      await log.close();
    },
  );

  test("a claim is still taken when the log is opened again, and by whoever opens it", async () => {
    using folder = freshFolder();
    const signer = memorySigner(ORIGIN);
    const first = await open(folder.path, signer);
    expect(await first.append([newEntry()], { once: ["ticket:1:spent"] })).toMatchObject({ ok: true });
    await first.close();
    const second = await open(folder.path, signer);
    expect(await second.append([newEntry()], { once: ["ticket:1:spent"] })).toMatchObject({
      ok: false,
      code: "ALREADY_DONE",
      guard: "ticket:1:spent",
    });
    await second.close();
  });
});
