import { formatResult } from "./output.ts";
import { VerifyError } from "./errors.ts";
import type { VerifyResult } from "./verdict.ts";
import { parseArguments } from "./arguments.ts";
import type { VerifyArguments } from "./arguments.ts";
import { isDatabaseAddress, nameOfDatabase } from "./database-address.ts";
import { kindOfFile, readPieces, readSmallFile } from "./input-files.ts";
import { parsePolicy } from "./policy.ts";
import { readRemembered, remember } from "./remembered-file.ts";
import { verifyBundle } from "./bundle.ts";
import type { VerifyOptions } from "./bundle.ts";
import { verifyTlogProof } from "./proof-file.ts";
import { HELP } from "./help.ts";

/** Where the command writes, and its clock (milliseconds since 1970). */
export interface VerifyIo {
  out(text: string): void;
  err(text: string): void;
  now(): number;
  /** Told, once a second and after the first, how far a bundle was read; for a terminal, on one line. */
  progress?(text: string): void;
  /** Copies the log with an origin, or the only one, out of the database with an address. Addresses are refused without it. */
  copyLog?(address: string, origin: string | undefined): Promise<LogCopy>;
}

/** A log that was copied out of a database into a SQLite file with the tables of spec ledger.md §5. */
export interface LogCopy {
  readonly path: string;
  /** Removes it. */
  discard(): void;
}

/**
 * The command `writ-verify`, and `writ verify`, which is the same. Returns the exit code: 0 good, 2 wrong use, 4 changed or
 * inconsistent, 5 incomplete, 6 policy not met.
 */
export async function runVerify(argv: readonly string[], io: VerifyIo): Promise<number> {
  let json = argv.includes("--json");
  try {
    const parsed = parseArguments(argv);
    if (parsed === "help") {
      io.out(HELP);
      return 0;
    }
    json = parsed.json;
    return await verifyAndTell(parsed, io);
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    tellError(error, json, io);
    return 2;
  }
}

async function verifyAndTell(parsed: VerifyArguments, io: VerifyIo): Promise<number> {
  const since = parsed.since === undefined ? undefined : readRemembered(parsed.since);
  const options: VerifyOptions = {
    policy: parsePolicy(readSmallFile(parsed.policy)),
    now: Math.floor(io.now() / 1000),
    audit: parsed.audit,
    ...(since === undefined ? {} : { since }),
    ...(parsed.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: parsed.maxAgeSeconds }),
  };
  const result = await verifyFile(parsed, options, io);
  // What is remembered moves on only after a pass, so that a bad copy cannot make the reader forget.
  const remembered = result.ok && parsed.since !== undefined && result.checkpoint !== null;
  if (remembered) remember(parsed.since, result.checkpoint);
  if (parsed.json) {
    io.out(`${JSON.stringify(result)}\n`);
    return result.exitCode;
  }
  io.out(formatResult(result, shownName(parsed.file)));
  if (parsed.audit) io.out(auditLine(result));
  if (remembered)
    io.out(`\nRemembered size ${result.size} in ${parsed.since}${since === undefined ? " for the first time" : ""}.\n`);
  return result.exitCode;
}

function shownName(file: string): string {
  return isDatabaseAddress(file) ? nameOfDatabase(file) : file;
}

function auditLine({ findings, findingsOmitted }: VerifyResult): string {
  const count = findings.filter(({ aspect }) => aspect === "meaning").length;
  const more = findingsOmitted > 0 ? ", and perhaps more among those not shown" : "";
  return `\nAudit: ${count === 0 ? "the order rules hold" : `${count} findings of meaning`}${more}.\n`;
}

async function verifyFile(parsed: VerifyArguments, options: VerifyOptions, io: VerifyIo): Promise<VerifyResult> {
  if (isDatabaseAddress(parsed.file)) return verifyDatabase(parsed, options, io);
  const kind = kindOfFile(parsed.file);
  if (kind === "log") {
    const { verifyLogFileOnAllCores } = await import("./log-file.ts");
    return verifyLogFileOnAllCores(parsed.file, { ...options, depth: parsed.depth });
  }
  if (kind === "proof") {
    if (parsed.audit) throw noAudit();
    const entry = parsed.entry === undefined ? {} : { entry: readSmallFile(parsed.entry) };
    return verifyTlogProof(readSmallFile(parsed.file), { ...options, ...entry });
  }
  return verifyBundle(told(readPieces(parsed.file), io), options);
}

async function verifyDatabase(parsed: VerifyArguments, options: VerifyOptions, io: VerifyIo): Promise<VerifyResult> {
  if (io.copyLog === undefined) throw noCopy();
  const copy = await io.copyLog(parsed.file, parsed.origin);
  try {
    const { verifyLogFile } = await import("./log-file.ts");
    return verifyLogFile(copy.path, { ...options, depth: parsed.depth, sealed: true });
  } finally {
    copy.discard();
  }
}

function* told(pieces: Iterable<Uint8Array>, io: VerifyIo): Generator<Uint8Array> {
  let [bytes, next, shown] = [0, io.now() + 1000, false];
  for (const piece of pieces) {
    bytes += piece.length;
    yield piece;
    if (io.progress === undefined || io.now() < next) continue;
    [next, shown] = [io.now() + 1000, true];
    io.progress(`\r${Math.round(bytes / 2 ** 20)} MiB read`);
  }
  if (shown) io.progress?.("\r\u001b[K");
}

function noCopy(): VerifyError {
  return new VerifyError({
    code: "USAGE",
    message: "a log in PostgreSQL is not read by this program",
    reason: "it depends on nothing, a driver of that database included",
    next: "use `writ verify`, which copies the log out and checks the copy",
  });
}

function noAudit(): VerifyError {
  return new VerifyError({
    code: "USAGE",
    message: "a stand-alone proof cannot be audited",
    reason: "it holds one entry, and the order rules are about several",
    next: "export the run as a bundle, or leave out `--audit`",
  });
}

/** With `--json` in the one form of every error of Writ, which docs/reference/errors.md describes. */
function tellError({ code, message, reason, next, details }: VerifyError, json: boolean, io: VerifyIo): void {
  const more = Object.keys(details).length > 0 ? { details } : {};
  if (json) io.out(`${JSON.stringify({ error: code, message, reason, next, ...more })}\n`);
  else io.err(`writ-verify: ${message}\n  why:  ${reason}\n  next: ${next}\n  (${code})\n`);
}
