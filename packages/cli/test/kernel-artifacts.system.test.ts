import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admissionRecord, composeAdmission } from "@writ/kernel";
import {
  appendAuditRecord,
  auditLedgerLine,
  parseAuditRecord,
  type AuditLedgerEntry,
  boundaryReport,
  SURFACES,
} from "@writ/kernel/governance";
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

describe("a file that cannot be read", () => {
  test.each([
    ["a pipe without a writer", "validate", "pipe"],
    ["a device without an end", "digest", "/dev/zero"],
    ["a folder", "validate", "."],
    ["a bundle that is not there", "chain verify", "nowhere"],
    ["a ticket that is not UTF-8", "ticket use --runtime here", "latin contract.json"],
  ])("%s is named in an error of its own", async (_, command, files) => {
    execFileSync("sh", ["-c", "test -p pipe || mkfifo pipe; printf '\\377' > latin"], { cwd: writ.workspace });
    const refused = await writ.run(["kernel", ...`${command} ${files}`.split(" "), "--json"], { timeoutMs: 30_000 });
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: "FILE_UNREADABLE" });
    expect(refused.code).toBe(1);
  });
});

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

describe("writ kernel admission inspect", () => {
  test("says what blocks and what is next, and that nothing was executed", async () => {
    const blocked = admissionRecord(composeAdmission({ admission_id: "a", subject_ref: "s" }));
    const inspected = await kernel("admission", "inspect", file("admission.json", blocked));
    expect(inspected.code).toBe(0);
    expect(inspected.stdout).toContain("blocked by missing_or_invalid_policy_decision");
    expect(inspected.stdout.trimEnd().split("\n").at(-1)).toBe("nothing was executed");
  });

  test("never repeats what it was given", async () => {
    const path = join(writ.folder, "secret.json");
    writeFileSync(path, '{"admission_id": "hunter2", ');
    const refused = await kernel("admission", "inspect", path, "--json");
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ details: { reason: "runtime_admission_json_invalid" } });
    expect(refused.stdout + refused.stderr).not.toContain("hunter2");
    const mismatched = { admission_id: "a", subject_ref: "s", status: "blocked", allowed: true, blockers: ["x"] };
    const inconsistent = await kernel("admission", "inspect", file("mismatch.json", mismatched), "--json");
    expect(inconsistent.code).toBe(2);
    expect(inconsistent.stdout).toContain("runtime_admission_allowed_status_mismatch");
    writeFileSync(path, " ".repeat(1_048_577));
    expect((await kernel("admission", "inspect", path, "--json")).stdout).toContain(
      "runtime_admission_input_too_large",
    );
  });
});

describe("writ kernel audit verify", () => {
  const entries: AuditLedgerEntry[] = [];
  for (const record_id of ["r0", "r1", "r2"]) {
    const of = parseAuditRecord({ record_id, record_type: "operator_review", subject_ref: "s", subject_kind: "task" });
    const { entry } = appendAuditRecord(entries.at(-1) ?? null, of, { recordedAt: "2026-01-01T00:00:00Z" });
    if (entry !== null) entries.push(entry);
  }
  const ledger = (lines: readonly string[]): string => {
    const path = join(writ.folder, "ledger.jsonl");
    writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
    return path;
  };

  test("passes a whole ledger, and finds a line that was left out, changed or is none", async () => {
    const lines = entries.map(auditLedgerLine);
    const whole = await kernel("audit", "verify", ledger(lines), "--json");
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({ status: "verified", checked_entries: 3, blocker_count: 0 });
    const short = await kernel("audit", "verify", ledger(lines.filter((_, at) => at !== 1)));
    expect(short).toMatchObject({ code: 4, stdout: "failed  2 entries  audit_ledger_sequence_mismatch\n" });
    expect((await kernel("audit", "verify", ledger(lines.map((line) => line.replace("r1", "r9"))))).code).toBe(4);
    expect((await kernel("audit", "verify", ledger([]))).code).toBe(5);
    const broken = await kernel("audit", "verify", ledger([...lines, "{}"]), "--json");
    expect(broken.code).toBe(2);
    expect(broken.stdout).toContain("invalid_audit_ledger_jsonl:4");
  });
});

const commands = [
  ["surfaces"],
  ["boundary"],
  ["chain", "verify"],
  ["ticket", "check"],
  ["admission", "inspect"],
  ["audit", "verify"],
];

test.each(commands)("writ kernel %s %s --help shows examples", async (...words) => {
  const help = await kernel(...words.filter((word) => typeof word === "string"), "--help");
  expect(help.code).toBe(0);
  expect(help.stdout).toContain("Examples:");
  expect(help.stdout).toContain(`writ kernel ${words.join(" ")}`);
});
