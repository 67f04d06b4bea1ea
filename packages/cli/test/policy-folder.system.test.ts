import { appendFileSync, cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StatusView } from "@writ/engine";
import { resolveHomes } from "../src/homes.ts";
import { watchPolicySource } from "../src/owner/policy-source.ts";
import { createInstallation, type Installation } from "./support/installation.ts";

let writ: Installation;
let policies = "";
beforeEach(() => {
  writ = createInstallation();
  policies = join(writ.folder, "config", "policies");
});
afterEach(() => writ.dispose());

const shipped = join(import.meta.dirname, "..", "..", "policy", "policies");
const RULE = '@id("OWN-1")\n@text("Nothing at all.")\nforbid (principal, action, resource);\n';

async function policyStatus(): Promise<StatusView["policies"]> {
  const { stdout } = await writ.run(["status", "--json"]);
  return (JSON.parse(stdout) as StatusView).policies;
}

describe("the folder of policies under a running owner", () => {
  test("is looked at whenever status is asked, and decides only once it is activated", async () => {
    cpSync(shipped, policies, { recursive: true });
    const before = await policyStatus();
    expect(before).toMatchObject({ state: "active", pending_digest: null });
    writeFileSync(join(policies, "zz-own.cedar"), RULE);
    const edited = await policyStatus();
    expect(edited).toMatchObject({ state: "pending", policy_digest: before.policy_digest });
    expect((await writ.run(["status"])).stdout).toContain("writ policy activate");
    expect((await writ.run(["policy", "activate", "--yes"])).code).toBe(0);
    expect(await policyStatus()).toMatchObject({ state: "active", policy_digest: edited.pending_digest });
    rmSync(join(policies, "writ.cedarschema"));
    const broken = await policyStatus();
    expect(broken).toMatchObject({ state: "pending", pending_error: { code: "POLICY_SCHEMA" } });
  });
});

describe("the source of policies", () => {
  test("is read again when something in the folder changed, and only then", async () => {
    mkdirSync(policies, { recursive: true });
    const look = watchPolicySource(resolveHomes(writ.environment));
    await expect(look()).rejects.toMatchObject({ code: "POLICY_UNREADABLE" });
    cpSync(shipped, policies, { recursive: true });
    const first = await look();
    expect(await look()).toBe(first);
    appendFileSync(join(policies, "writ.cedarschema"), "\n");
    const second = await look();
    expect(second.schema).toBe(`${first.schema}\n`);
    writeFileSync(join(policies, "draft"), RULE);
    renameSync(join(policies, "draft"), join(policies, "zz-own.cedar"));
    expect((await look()).files.map(({ name }) => name)).toContain("zz-own.cedar");
    rmSync(policies, { recursive: true });
    expect(await look()).toMatchObject({ origin: "shipped" });
  });
});
