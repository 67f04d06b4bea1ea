import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isWritError, toHex, WritError } from "@writ/canon";
import { adoptLog, type Adoption, type AdoptionCase } from "@writ/ledger";
import { outputFor, type CommonOptions } from "../command.ts";
import { resolveHomes, type Homes } from "../homes.ts";
import { expectLog, knownLogs, rememberLog } from "../owner/known-log.ts";
import { openSigner, type Signer } from "../owner/open-log.ts";
import { requestStepDown } from "../owner/step-down.ts";
import { confirmOnTerminal, refuseInsideAgent } from "../terminal/ask.ts";

interface AdoptCommandOptions extends CommonOptions {
  readonly reason: string;
  readonly origin?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/**
 * `writ ledger adopt`: where the log was found rolled back, removed or exchanged and its newest copy is lost, begins a
 * new log in its place, whose first entry records what was found. A person's act on this machine.
 */
export async function adopt(options: AdoptCommandOptions): Promise<number> {
  refuseInsideAgent(process.env);
  requireLocalLog(process.env);
  const homes = resolveHomes(process.env, options.home);
  const output = outputFor(options);
  const seen: { found?: AdoptionCase } = {};
  const adoption = await withSigners((signer) =>
    whileIdle(homes, () =>
      adoptLog({
        path: join(homes.data, "log.db"),
        known: knownLogs(homes),
        ...(options.origin !== undefined && { origin: options.origin }),
        signer: (origin) => signer(homes, origin),
        reason: options.reason,
        approver: "operator:local",
        confirm: (found) => {
          seen.found = found;
          return isWanted(found, options);
        },
        announce: (origin) => expectLog(homes, origin),
        clock: { now: Date.now },
        random: (bytes) => randomBytes(bytes),
      }),
    ),
  );
  if (adoption === undefined) {
    output.result({ adopted: null, found: foundView(seen.found) }, () => [
      ...(seen.found === undefined ? [] : foundLines(seen.found)),
      "nothing was adopted",
    ]);
    return options.dryRun === true ? 0 : 1;
  }
  finish(homes, adoption.origin);
  output.result(adoptionView(adoption), () => adoptionLines(adoption));
  return 0;
}

/** What was derived from the old log is made again from the new one. */
function finish(homes: Homes, origin: string): void {
  rememberLog(homes, origin);
  for (const ending of ["", "-wal", "-shm"]) rmSync(join(homes.data, `views.db${ending}`), { force: true });
}

function isWanted(found: AdoptionCase, { dryRun, yes }: AdoptCommandOptions): boolean {
  if (dryRun === true) return false;
  return yes === true || confirmOnTerminal(foundLines(found), "Begin a new log in its place?");
}

/** An idle owner gives the log up; one that stays is somebody's to stop. */
const GIVE_UP_MS_MAX = 15_000;

async function whileIdle<T>(homes: Homes, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + GIVE_UP_MS_MAX;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isWritError(error, "LEDGER_OWNED") || performance.now() > deadline) throw error;
      await requestStepDown(homes, error);
      await sleep(20);
    }
  }
}

async function withSigners<T>(
  work: (signer: (homes: Homes, origin: string) => Promise<Signer>) => Promise<T>,
): Promise<T> {
  const opened: Signer[] = [];
  try {
    return await work(async (homes, origin) => {
      const signer = await openSigner(homes, origin);
      opened.push(signer);
      return signer;
    });
  } finally {
    for (const signer of opened) await signer.close();
  }
}

/** Key, memory and file must be in reach of this process, which alone can exchange them together. */
function requireLocalLog(environment: NodeJS.ProcessEnv): void {
  const elsewhere = ["WRIT_DATABASE", "WRIT_SIGNER", "WRIT_URL"].find((name) => environment[name] !== undefined);
  if (elsewhere === undefined) return;
  throw new WritError({
    code: "USAGE",
    message: `a log is not adopted where \`${elsewhere}\` is set`,
    reason: "file, key and the signer's memory are exchanged together, on the machine that has them",
    next: `unset it where the log is a file with its key beside it; else begin a log in a new database, with a new key`,
  });
}

function foundLines({ origin, why, size, signed }: AdoptionCase): readonly string[] {
  return [
    `log         ${origin}`,
    `found       ${why}`,
    `there now   ${size === undefined ? "no file" : `${String(size)} entries`}`,
    `signed      ${signed === undefined ? "nothing that its signer remembers" : `${String(signed.size)} entries`}`,
    "A new log begins with a new name and key. Nothing of the old one counts in it: no hold, approval, ticket, token or",
    "governance; policies are pinned anew. The old file is kept, and anyone can still verify it with the old key.",
  ];
}

function foundView(found: AdoptionCase | undefined): object | null {
  if (found === undefined) return null;
  const { origin, why, size, root, signed } = found;
  return {
    origin,
    why,
    size: size ?? null,
    root: root === undefined ? null : toHex(root),
    signed: signed?.size ?? null,
  };
}

function adoptionView({ origin, found, kept, checkpoint }: Adoption): object {
  return { adopted: { origin, kept: kept ?? null, checkpoint }, found: foundView(found) };
}

function adoptionLines({ origin, found, kept }: Adoption): readonly string[] {
  return [
    `adopted: ${origin} goes on where ${found.origin} was found broken; its first entry says so`,
    ...(kept === undefined ? [] : [`kept: ${kept}`]),
    "next: give verifiers the new key (`writ log key`), set the governance (`writ posture`), make tokens anew",
  ];
}
