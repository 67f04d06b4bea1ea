import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  approvedSample,
  packSample,
  requestSample,
  without,
  type Json,
} from "../../kernel/test/governance/request-sample.ts";
import { sampleArtifacts } from "../../kernel/test/artifacts/samples.ts";
import { createInstallation, type Installation } from "./support/installation.ts";

let writ: Installation;

beforeAll(() => {
  writ = createInstallation();
});

afterAll(async () => {
  await writ.dispose();
});

function file(name: string, value: unknown): string {
  const path = join(writ.folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

test("a pack is compiled, evaluated and written as Cedar that the policy commands accept", async () => {
  const pack = file("pack.json", packSample);
  const compiled = await writ.run(["kernel", "policy", "compile", pack]);
  expect(compiled).toMatchObject({ code: 0 });
  expect(compiled.stdout).toMatch(/^sha256:[0-9a-f]{64} {2}production 1\ngovern-mutation\nread\n$/);
  const ask = (mode: string): string => file(`${mode}.json`, { request_id: "q", subject_ref: "s", action: { mode } });
  const read = await writ.run(["kernel", "policy", "evaluate", pack, ask("read")]);
  expect(read).toMatchObject({
    code: 0,
    stdout: "allow  mutation_requires_approval  low\nmatched  allow read\nready  policy_controls_projected\n",
  });
  const held = await writ.run(["kernel", "policy", "evaluate", pack, ask("mutation"), "--json"]);
  expect(held.code).toBe(3);
  expect(JSON.parse(held.stdout)).toMatchObject({
    verdict: { decision: "approval_required", risk_score: 0 },
    plan: { status: "blocked", blockers: ["mutation_requires_approval"] },
  });
  const cedar = await writ.run(["kernel", "policy", "cedar", pack]);
  const text = join(writ.folder, "pack.cedar");
  writeFileSync(text, cedar.stdout);
  expect(await writ.run(["policy", "fmt", text])).toMatchObject({ code: 0 });
  expect(readFileSync(text, "utf8")).toContain('@hold("operator")');
});

test("a pack that is none is refused with its reason", async () => {
  const refused = await writ.run(["kernel", "policy", "compile", file("bad.json", without(packSample, "rules"))]);
  expect(refused).toMatchObject({ code: 1, stdout: "refused  policy_pack_without_rules\n" });
});

test("a baseline compiles as it is written", async () => {
  const window = ["--issuer", "acme", "--from", "2026-01-01T00:00:00Z", "--until", "2027-01-01T00:00:00Z"];
  const written = await writ.run(["kernel", "policy", "baseline", "governed-runtime", ...window]);
  const path = join(writ.folder, "baseline.json");
  writeFileSync(path, written.stdout);
  expect(await writ.run(["kernel", "policy", "compile", path])).toMatchObject({ code: 0 });
  expect((await writ.run(["kernel", "policy", "baseline", "odd", ...window])).code).toBe(2);
});

test("a governance request is checked, and one whose approval is of another attempt is refused", async () => {
  const whole = requestSample("mutation");
  const checked = await writ.run(["kernel", "request", "check", file("request.json", whole)]);
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.stdout).toMatch(/^valid {2}tx\nsubject sha256:[0-9a-f]{64}\nrequest sha256:[0-9a-f]{64}\n$/);
  const other: Json = approvedSample(whole, { attempt_id: "other" });
  const refused = await writ.run(["kernel", "request", "check", file("other.json", other)]);
  expect(refused).toMatchObject({ code: 1, stdout: "refused  approval_attempt_id_mismatch\n" });
});

test("a scoped ticket is used as often as it permits, and a guarded bundle is fresh once, across commands", async () => {
  const window = { "validity.not_before": "2000-01-01T00:00:00Z", "validity.not_after": "2100-01-01T00:00:00Z" };
  const artifacts = sampleArtifacts({ execution_ticket: window });
  const pair = [file("ticket.json", artifacts.execution_ticket), file("contract.json", artifacts.execution_contract)];
  const use = (): ReturnType<Installation["run"]> =>
    writ.run(["kernel", "ticket", "use", ...pair, "--runtime", "runtime:r"]);
  expect(await use()).toMatchObject({ code: 0, stdout: "claimed  use 1 of 1  ticket ticket-1\n" });
  expect(await use()).toMatchObject({ code: 3, stdout: "refused  ticket_uses_exhausted\n" });
  const record = file("sighting.json", { root_tag: "tag", chain_id: "chain", key_id: "key" });
  expect(await writ.run(["kernel", "bundle", "seen", record])).toMatchObject({ code: 0, stdout: "fresh\n" });
  expect(await writ.run(["kernel", "bundle", "seen", record])).toMatchObject({
    code: 3,
    stdout: "replayed  replayed_guard_root:tag\n",
  });
});
