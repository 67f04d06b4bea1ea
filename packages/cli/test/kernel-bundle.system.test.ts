import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createInstallation, type Installation } from "./support/installation.ts";
import { buildKernelGuard } from "../../kernel/src/guard/build.ts";
import { sampleArtifacts, sampleChain } from "../../kernel/test/artifacts/samples.ts";

let writ: Installation;

beforeAll(() => {
  writ = createInstallation();
});

afterAll(async () => {
  await writ.dispose();
});

/** A folder with a lifecycle's artifacts and its manifest; the manifest's path. */
function lifecycle(name: string, changes: Parameters<typeof sampleArtifacts>[0] = {}): string {
  const folder = join(writ.folder, name);
  mkdirSync(folder);
  const artifacts = sampleArtifacts(changes);
  for (const [role, artifact] of Object.entries(artifacts))
    writeFileSync(join(folder, `${role}.json`), JSON.stringify(artifact));
  const manifest = join(folder, "artifact_chain_manifest.json");
  writeFileSync(manifest, JSON.stringify(sampleChain(artifacts).manifest));
  return manifest;
}

const token = ["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_");

test("redacts a file, standard input and JSON, and leaves what holds no secret byte for byte", async () => {
  const log = join(writ.folder, "run.log");
  writeFileSync(log, `push with ${token}\n\tdone\n`);
  expect(await writ.run(["kernel", "redact", log])).toMatchObject({
    code: 0,
    stdout: "push with <redacted>\n\tdone\n",
  });
  const json = `{\n  "password": "x",\n  "n": 1.50\n}\n`;
  expect((await writ.run(["kernel", "redact", "-"], { stdin: json })).stdout).toBe(
    `{\n  "password": "<redacted>",\n  "n": 1.50\n}\n`,
  );
  const document = await writ.run(["kernel", "redact", "--json"], { stdin: `{"a":["--token","${token}"]}` });
  expect(JSON.parse(document.stdout)).toEqual({
    form: "json",
    status: "redacted",
    marks: 1,
    text: `{"a":["--token","<redacted>"]}`,
  });
  const wide = join(writ.folder, "wide.txt");
  writeFileSync(wide, Buffer.from(token, "utf16le"));
  expect(await writ.run(["kernel", "redact", wide])).toMatchObject({ code: 1, stdout: "" });
  expect((await writ.run(["kernel", "redact", join(writ.folder, "none")])).code).toBe(1);
});

test("exports a bundle, verifies it, and refuses it when anything in it differs", async () => {
  const folder = join(writ.folder, "exported");
  const exported = await writ.run(["kernel", "bundle", "export", lifecycle("whole"), folder, "--public"]);
  expect(exported).toMatchObject({ code: 0 });
  expect(exported.stdout).toMatch(/^review_bundle:pass:6:[0-9a-f]{64}\n$/);
  expect(readdirSync(writ.folder).filter((name) => name.startsWith("."))).toEqual([]);
  const verified = await writ.run(["kernel", "bundle", "verify", folder]);
  expect(verified).toMatchObject({ code: 0, stdout: exported.stdout });
  expect((await writ.run(["kernel", "bundle", "verify", join(folder, "artifact_chain_manifest.json")])).code).toBe(0);

  expect((await writ.run(["kernel", "bundle", "verify", join(folder, "verification_receipt.json")])).code).toBe(5);
  expect((await writ.run(["kernel", "bundle", "verify", join(folder, "01_intent_contract.json")])).code).toBe(4);
  expect((await writ.run(["kernel", "bundle", "verify", join(folder, "none")])).code).toBe(1);

  writeFileSync(join(folder, "notes.txt"), "");
  const open = await writ.run(["kernel", "bundle", "verify", folder, "--json"]);
  expect(open.code).toBe(4);
  expect(JSON.parse(open.stdout)).toEqual({
    status: "failed",
    family: "bundle",
    failure: "public export inventory is not closed-world: notes.txt",
  });
  const local = await writ.run(["kernel", "bundle", "verify", folder, "--local", "--json"]);
  expect(local.code).toBe(0);
  expect(JSON.parse(local.stdout)).toMatchObject({ verdict: "pass", extra: ["notes.txt"] });

  const report = join(folder, "REVIEW.md");
  linkSync(report, join(writ.folder, "second-name.md"));
  expect((await writ.run(["kernel", "bundle", "verify", folder, "--local"])).code).toBe(4);
  rmSync(join(writ.folder, "second-name.md"));

  const artifact = join(folder, "01_intent_contract.json");
  writeFileSync(artifact, readFileSync(artifact, "utf8").replace("read a status page", "read another page"));
  expect((await writ.run(["kernel", "bundle", "verify", folder, "--local"])).code).toBe(4);
});

test("replaces a folder only when told to, and never a link", async () => {
  const manifest = lifecycle("source");
  const folder = join(writ.folder, "target");
  mkdirSync(folder);
  writeFileSync(join(folder, "old.txt"), "old");
  const refused = await writ.run(["kernel", "bundle", "export", manifest, folder, "--json"]);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: "OUTPUT_FAILED" });
  expect(readFileSync(join(folder, "old.txt"), "utf8")).toBe("old");
  expect((await writ.run(["kernel", "bundle", "export", manifest, folder, "--overwrite"])).code).toBe(0);
  expect(readdirSync(folder)).toHaveLength(9);
  const link = join(writ.folder, "link");
  symlinkSync(folder, link);
  expect((await writ.run(["kernel", "bundle", "export", manifest, link, "--overwrite"])).code).toBe(1);
});

test("publishes no secret, and no artifacts that are no lifecycle", async () => {
  const secret = lifecycle("secret", { intent_contract: { "intent.summary": token } });
  const refused = await writ.run(["kernel", "bundle", "export", secret, join(writ.folder, "p"), "--public"]);
  expect(refused).toMatchObject({ code: 4, stdout: "public export holds a secret: 01_intent_contract.json\n" });
  const denied = lifecycle("denied", { policy_decision: { decision: "deny" } });
  expect((await writ.run(["kernel", "bundle", "export", denied, join(writ.folder, "q")])).code).toBe(4);
  expect(readdirSync(writ.folder)).not.toContain("q");
});

test("checks a guarded bundle with the key in the environment, and with no other", async () => {
  const manifest = lifecycle("guarded");
  const key = "k".repeat(32);
  const built = buildKernelGuard(sampleChain(sampleArtifacts()).manifest, {
    key: new TextEncoder().encode(key),
    keyId: "key-1",
    nonces: ["0", "1", "2", "3", "4", "5"],
  });
  if (!built.ok) throw new Error(built.text);
  writeFileSync(join(writ.folder, "guarded", "kernel_guard_manifest.json"), JSON.stringify(built.guard));
  const verify = (environment: NodeJS.ProcessEnv): Promise<{ code: number | null; stdout: string }> =>
    writ.run(["kernel", "bundle", "verify", manifest, "--json"], { environment });
  const passed = await verify({ WRIT_KERNEL_GUARD_KEY: key });
  expect(passed.code).toBe(0);
  expect(JSON.parse(passed.stdout)).toMatchObject({ kind: "secure_bundle", guard_status: "passed", fail_closed: true });
  expect((await verify({ WRIT_KERNEL_GUARD_KEY: "x".repeat(32) })).code).toBe(4);
  const none = await verify({});
  expect(none.code).toBe(2);
  expect(JSON.parse(none.stdout)).toMatchObject({ error: "USAGE" });
});
