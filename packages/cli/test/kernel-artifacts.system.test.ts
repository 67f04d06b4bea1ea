import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boundaryReport, SURFACES } from "@writ/kernel";
import { changed, sampleArtifacts, sampleChain } from "../../kernel/test/artifacts/samples.ts";
import { createInstallation, type Finished, type Installation } from "./support/installation.ts";

let writ: Installation;

beforeAll(() => {
  writ = createInstallation();
});
afterAll(() => writ.dispose());

const kernel = (...args: readonly string[]): Promise<Finished> => writ.run(["kernel", ...args]);

function file(name: string, value: object): string {
  const path = join(writ.folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
  return path;
}

describe("writ kernel surfaces", () => {
  test("prints the index, and one surface of it by name", async () => {
    const all = await kernel("surfaces", "--json");
    expect(all.code).toBe(0);
    expect(JSON.parse(all.stdout)).toEqual({ surfaces: SURFACES });
    const one = await kernel("surfaces", "planning_contracts_core");
    expect(one).toMatchObject({ code: 0, stderr: "" });
    expect(one.stdout).toContain("planning_contracts_core  alpha_tested");
  });

  test("of a name that is none is wrong use, and says which there are", async () => {
    const none = await kernel("surfaces", "all", "--json");
    expect(none.code).toBe(2);
    expect(JSON.parse(none.stdout)).toMatchObject({ error: "USAGE", next: "writ kernel surfaces" });
  });
});

describe("writ kernel boundary", () => {
  test("reports what the kernel says of itself", async () => {
    const report = await kernel("boundary", "--json");
    expect(report.code).toBe(0);
    expect(JSON.parse(report.stdout)).toEqual(boundaryReport());
  });

  test("ends with 1 for a profile that takes what is not its own, and with 2 for none", async () => {
    const greedy = file("greedy.json", { name: "greedy", owns: ["live_execution_authority"], consumes: ["moon"] });
    const report = await kernel("boundary", "--profile", greedy);
    expect(report.code).toBe(1);
    expect(report.stdout).toContain("failed  greedy  owns live_execution_authority  consumes moon");
    const nameless = await kernel("boundary", "--profile", file("nameless.json", {}), "--json");
    expect(nameless.code).toBe(2);
    expect(JSON.parse(nameless.stdout)).toMatchObject({
      error: "GOVERNANCE_RECORD_INVALID",
      details: { reason: "missing_domain_profile_name" },
    });
  });
});

describe("writ kernel chain verify", () => {
  test("passes a lifecycle, and refuses it with one byte changed", async () => {
    const artifacts = sampleArtifacts();
    const { manifest } = sampleChain(artifacts);
    for (const [role, artifact] of Object.entries(artifacts)) file(`chain/${role}.json`, artifact);
    file("chain/artifact_chain_manifest.json", manifest);
    const folder = join(writ.folder, "chain");
    const verified = await kernel("chain", "verify", folder, "--lifecycle", "--json");
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ status: "passed", entry_count: 6 });
    file("chain/execution_receipt.json", changed(artifacts.execution_receipt, { receipt_id: "other" }));
    const broken = await kernel("chain", "verify", folder);
    expect(broken.code).toBe(4);
    expect(broken.stdout).toContain("descriptor mismatch for execution_receipt.json");
  });

  test("of a folder without a manifest says what it cannot read", async () => {
    const none = await kernel("chain", "verify", writ.workspace, "--json");
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({ error: "FILE_UNREADABLE" });
  });
});

describe("writ kernel ticket check", () => {
  const write = (changes: Parameters<typeof sampleArtifacts>[0] = {}): readonly string[] => {
    const artifacts = sampleArtifacts(changes);
    return (["execution_ticket", "execution_contract", "execution_receipt", "evidence_contract"] as const).map((role) =>
      file(`ticket/${role}.json`, artifacts[role]),
    );
  };

  test("explains a ticket that means something, and its use", async () => {
    const [ticket = "", contract = "", receipt = "", evidence = ""] = write();
    const meaning = await kernel("ticket", "check", ticket, contract);
    expect(meaning.code).toBe(0);
    expect(meaning.stdout).toContain("runtime-consumable: yes");
    const use = await kernel(
      "ticket",
      "check",
      ticket,
      contract,
      "--receipt",
      receipt,
      "--evidence",
      evidence,
      "--strict",
      "--json",
    );
    expect(use.code).toBe(0);
    expect(JSON.parse(use.stdout)).toMatchObject({ status: "passed", detail: "" });
  });

  test("ends with 1 for a ticket that drifts, with 5 for a use that is only reviewed", async () => {
    const [drifted = "", contract = ""] = write({ execution_ticket: { "scope_binding.tool": "rm" } });
    const refused = await kernel("ticket", "check", drifted, contract, "--json");
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toEqual({
      status: "failed",
      family: "ticket_semantics",
      failure: "ticket tool drift from execution_contract",
    });
    const files = write({ execution_receipt: { "outcome.status": "blocked" } });
    const [ticket = "", bound = "", receipt = "", evidence = ""] = files;
    const reviewed = await kernel("ticket", "check", ticket, bound, "--receipt", receipt, "--evidence", evidence);
    expect(reviewed.code).toBe(5);
    expect(reviewed.stdout).toContain("ticket validity is not an execution pass");
  });

  test("is wrong use with evidence alone, or with a file that is no artifact", async () => {
    const [ticket = "", contract = "", , evidence = ""] = write();
    expect((await kernel("ticket", "check", ticket, contract, "--evidence", evidence)).code).toBe(2);
    expect((await kernel("ticket", "check", file("list.json", []), contract)).code).toBe(2);
    expect((await kernel("ticket", "check", ticket)).code).toBe(2);
  });
});

test.each([["surfaces"], ["boundary"], ["chain", "verify"], ["ticket", "check"]])(
  "writ kernel %s %s --help shows examples",
  async (...words) => {
    const help = await kernel(...words.filter((word) => typeof word === "string"), "--help");
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("Examples:");
    expect(help.stdout).toContain(`writ kernel ${words.join(" ")}`);
  },
);
