import { auditEntries, parseEntry } from "@writ/verify";
import type { Entry } from "@writ/verify";

import { loadRecordedSet, redecideRecord } from "../../src/index.ts";
import type { House } from "./house.ts";

type RecordedSet = Awaited<ReturnType<typeof loadRecordedSet>>;
/** Sets loaded once for all houses of a test file. */
const loaded = new Map<string, RecordedSet>();

/** What differs where every decision of a log, whose inputs are still there, is made again. */
export async function redecideAll({ ledger }: House): Promise<readonly string[]> {
  const faults: string[] = [];
  const texts = new Map<string, Uint8Array>();
  for await (const { index, value } of ledger.read(0, (await ledger.head()).size)) {
    const digest = value.data["policy_digest"];
    if (typeof digest !== "string") continue;
    if (value.kind === "policy.changed") texts.set(digest, (await ledger.openPrivate(index, "set"))!.content);
    if (value.kind !== "policy.decision") continue;
    const inputs = await ledger.openPrivate(index, "entities");
    if (inputs === undefined) continue;
    const set = loaded.get(digest) ?? (await loadRecordedSet(texts.get(digest)!));
    loaded.set(digest, set);
    const again = redecideRecord(set, value.data, inputs.content);
    if (again.is === "different") faults.push(`entry ${index}: ${again.what}`);
  }
  return faults;
}

/** What the stranger's audit of the order rules finds; runs without receipt are no fault here. */
export async function auditLog({ ledger }: House): Promise<readonly string[]> {
  const entries: { index: number; entry: Entry }[] = [];
  for await (const { index, bytes } of ledger.read(0, (await ledger.head()).size)) {
    entries.push({ index, entry: parseEntry(Buffer.from(bytes).toString("utf8")) });
  }
  const findings = auditEntries(entries, { now: 0 });
  return findings.map(({ code }) => code).filter((code) => code !== "UNFINISHED");
}
