import { existsSync } from "node:fs";

import { openSqlite } from "@writ/store";

import type { HeadSigner } from "./head-signer.ts";
import { ledgerError } from "./ledger-error.ts";
import { LEDGER_APPLICATION_ID } from "./open-ledger-file.ts";
import { openLedger } from "./open-ledger.ts";
import type { Head } from "./port.ts";
import { ledgerSql } from "./sql.ts";

/** What was found where a log should be that can be trusted. */
export interface AdoptionCase {
  /** The log that should be there. */
  readonly origin: string;
  /** What is wrong, in a sentence without names of people. */
  readonly why: string;
  /** Head and newest signed checkpoint of what lies there; absent when nothing does. */
  readonly size?: number;
  readonly root?: Uint8Array;
  readonly checkpoint?: string;
  /** The last head that the signer of `origin` signed. */
  readonly signed?: Head;
}

export interface ExamineOptions {
  readonly path: string;
  readonly known?: readonly string[];
  readonly signer: (origin: string) => HeadSigner | Promise<HeadSigner>;
  readonly clock: { now(): number };
  readonly random: (bytes: number) => Uint8Array;
}

/** Looks whether the log at `path` is one to give up. Throws `ADOPT_REFUSED` when it is sound, or when there is none. */
export async function examineLog(options: ExamineOptions): Promise<AdoptionCase> {
  const { path, known: names = [] } = options;
  const [known] = names;
  if (!existsSync(path)) {
    if (known === undefined) throw refused(`there is no log at \`${path}\``, "a log that never was is simply begun");
    return { origin: known, why: "the log is not there any more", ...(await lastSigned(options, known)) };
  }
  const there = await whatLies(path);
  if (known !== undefined && !names.some((name) => name === there.origin)) {
    const why = `another log lies in its place: ${there.origin ?? "one without a name"}`;
    return { ...there, origin: known, why, ...(await lastSigned(options, known)) };
  }
  return rolledBack(options, there);
}

type Lying = Pick<AdoptionCase, "size" | "root" | "checkpoint"> & { readonly origin: string | undefined };

/** Origin, head and newest note as the file has them, believed by nobody. */
async function whatLies(path: string): Promise<Lying> {
  const database = openSqlite({ path, applicationId: LEDGER_APPLICATION_ID });
  try {
    const sql = ledgerSql({ dialect: "sqlite", log: 1 });
    return await database.read(async (tx) => {
      const isLog = await tx.get("SELECT 1 AS there FROM sqlite_schema WHERE name = 'checkpoint'");
      if (isLog === undefined) return { origin: undefined, size: 0 };
      const origin = (await tx.get(sql.metaGet, ["origin"]))?.["v"];
      const head = await tx.get(sql.headGet);
      const note = (await tx.get(sql.checkpointNewest))?.["note"];
      return {
        origin: typeof origin === "string" ? origin : undefined,
        size: Number(head?.["size"] ?? 0),
        ...(head?.["root"] instanceof Uint8Array ? { root: head["root"] } : {}),
        ...(typeof note === "string" ? { checkpoint: note } : {}),
      };
    });
  } finally {
    await database.close();
  }
}

/** Opens it as a start does, and believes only that. */
async function rolledBack(options: ExamineOptions, there: Lying): Promise<AdoptionCase> {
  const { path, clock, random } = options;
  const opened: { signer?: HeadSigner } = {};
  const ledger = await openLedger({
    database: openSqlite({ path, applicationId: LEDGER_APPLICATION_ID }),
    signer: async (origin) => (opened.signer = await options.signer(origin)),
    clock,
    random,
    every: () => () => {},
  });
  try {
    const { readOnly } = await ledger.status();
    if (readOnly?.code !== "ROLLBACK_DETECTED")
      throw refused(`the log \`${ledger.origin}\` is as its signer knows it`, "there is nothing to give up");
    const signed = await opened.signer?.state();
    return { ...there, origin: ledger.origin, why: readOnly.message, ...(signed === undefined ? {} : { signed }) };
  } finally {
    await ledger.close();
  }
}

async function lastSigned({ signer }: ExamineOptions, origin: string): Promise<Pick<AdoptionCase, "signed">> {
  const signed = await (await signer(origin)).state();
  return signed === undefined ? {} : { signed };
}

function refused(message: string, reason: string): Error {
  return ledgerError({ code: "ADOPT_REFUSED", message, reason, next: "go on with it; `writ ledger status` shows it" });
}
