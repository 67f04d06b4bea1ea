import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { connectSigner, openFileSigner, openNote, parseCheckpoint, serveSigner } from "@writ/ledger";
import { describe, expect, test } from "vitest";

import { freshFolder, newEntry, open, ORIGIN } from "./ledger.ts";
import { codeOfPromise } from "./signer-refusal.ts";

describe("a log under a key in a file", () => {
  test("signs a checkpoint at each commit, which the key's owner can check", async () => {
    using folder = freshFolder();
    const signer = await openFileSigner({ keyHome: join(folder.path, "keys"), origin: ORIGIN, create: true });
    const log = await open(folder.path, signer);
    for (let count = 0; count < 5; count++) await log.append([newEntry()]);
    const opened = openNote(await log.checkpoint(), signer.verifiers);
    expect(opened.ok && parseCheckpoint(opened.text)).toMatchObject({ ...(await log.head()), origin: ORIGIN });
    expect(signer.state()).toEqual(await log.head());
    await log.close();
    await signer.close();
  });

  test("refuses to go on from a copy that is older than the key's memory", async () => {
    using folder = freshFolder();
    const file = join(folder.path, "log.db");
    const signer = await openFileSigner({ keyHome: join(folder.path, "keys"), origin: ORIGIN, create: true });
    const before = await open(folder.path, signer);
    await before.append([newEntry()]);
    await before.close();
    copyFileSync(file, `${file}.backup`);
    const after = await open(folder.path, signer);
    await after.append([newEntry()]);
    await after.close();
    for (const ending of ["-wal", "-shm"]) rmSync(file + ending, { force: true });
    copyFileSync(`${file}.backup`, file);
    const restored = await open(folder.path, signer);
    expect(await codeOfPromise(restored.append([newEntry()]))).toBe("ROLLBACK_DETECTED");
    await restored.close();
    await signer.close();
  });

  test("is signed by a signer behind a socket just the same", async () => {
    using folder = freshFolder();
    const signer = await openFileSigner({ keyHome: join(folder.path, "keys"), origin: ORIGIN, create: true });
    const server = await serveSigner({ signer, socketPath: join(folder.path, "run", "s") });
    const remote = await connectSigner(server.socketPath, { keys: signer.verifiers });
    const log = await open(folder.path, remote);
    const result = await log.append([newEntry()], { wait: "checkpoint" });
    expect(result.ok && remote.read(result.checkpoint ?? "")).toEqual(await log.head());
    await log.close();
    await remote.close();
    await server.close();
    await signer.close();
  });
});
