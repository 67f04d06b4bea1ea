import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildChainManifest } from "@writ/kernel";
import { createInstallation, type Installation } from "./support/installation.ts";

let writ: Installation;

beforeAll(() => {
  writ = createInstallation();
});

afterAll(async () => {
  await writ.dispose();
});

function file(name: string, text: string): string {
  const path = join(writ.folder, name);
  writeFileSync(path, text);
  return path;
}

test("digests a file by either recipe, and refuses what a recipe has no form for", async () => {
  const ratio = file("ratio.json", `{"ratio":1.0}`);
  expect((await writ.run(["kernel", "digest", ratio, "--json"])).stdout).toContain(
    "5fdef30e6bb511d77a141822611e2d0780aed30d056264ea5d3e87a5c8b75d53",
  );
  expect((await writ.run(["kernel", "digest", ratio, "--recipe", "sclite-json-v0.2"])).stdout).toContain(
    "2817aa8f7a13bd7b7a49821b7cbc8435bfcac318a507deb679ff55088d94b81b",
  );
  const large = await writ.run(["kernel", "digest", file("n.json", "1e20"), "--recipe", "sclite-json-v0.2", "--json"]);
  expect(large.code).toBe(2);
  expect(JSON.parse(large.stdout)).toMatchObject({ error: "LEGACY_VALUE", details: { reason: "unsafe_integer" } });
  expect((await writ.run(["kernel", "digest", ratio, "--recipe", "other"])).code).toBe(2);
});

test("validates an artifact by the schema it names", async () => {
  const refused = await writ.run(["kernel", "validate", file("a.json", `{"schema_ref":"none"}`), "--json"]);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ valid: false });
});

test("plays cases, and ends with 0 only when each is the same or stricter", async () => {
  const one = (expected: string): string =>
    `{"cases":[{"id":"a","operation":"artifact.digest_v0_1","input":100000000000000000000,"expected":${expected}}]}`;
  const same = await writ.run(["kernel", "conformance", file("c.json", one(`{"canonical":"100000000000000000000"}`))]);
  expect(same).toMatchObject({ code: 0 });
  expect(same.stdout).toContain("1 same, 0 stricter, 0 different, 0 unsupported");
  const different = await writ.run(["kernel", "conformance", file("d.json", one(`{"canonical":"1"}`)), "--json"]);
  expect(different.code).toBe(1);
  expect(JSON.parse(different.stdout)).toMatchObject({ passed: false, counts: { different: 1 } });
  expect((await writ.run(["kernel", "conformance", file("e.json", "{}")])).code).toBe(2);
});

test("verifies a chain in its folder, and follows no link out of it", async () => {
  const folder = join(writ.folder, "bundle");
  mkdirSync(folder);
  const artifact = {
    artifact_type: "intent_contract",
    schema_version: "v0.2",
    schema_ref: "schemas/intent_contract.v0.2.schema.json",
    created_at: "2026-01-01T00:00:00Z",
    intent_id: "i",
    actor: {},
    intent: {},
    requested_capability: {},
    target: {},
    authority: {},
  };
  const path = join(folder, "a.json");
  writeFileSync(path, JSON.stringify(artifact));
  const manifest = join(folder, "artifact_chain_manifest.json");
  writeFileSync(manifest, JSON.stringify(buildChainManifest([{ path: "a.json", artifact }])));
  expect(await writ.run(["kernel", "verify", manifest])).toMatchObject({ code: 0 });
  const lifecycle = await writ.run(["kernel", "verify", manifest, "--lifecycle", "--json"]);
  expect(lifecycle.code).toBe(4);
  expect(JSON.parse(lifecycle.stdout)).toMatchObject({ status: "failed", family: "lifecycle" });
  renameSync(path, join(writ.folder, "a.json"));
  symlinkSync(join(writ.folder, "a.json"), path);
  expect(await writ.run(["kernel", "verify", manifest])).toMatchObject({ code: 4 });
  expect((await writ.run(["kernel", "verify", join(folder, "none.json")])).code).toBe(1);
});
