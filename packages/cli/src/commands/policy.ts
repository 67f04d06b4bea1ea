import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isWritError, WritError } from "@writ/canon";
import {
  authorizeBatch,
  BATCH_LINE_BYTES_MAX,
  entityStore,
  explain,
  formatPolicies,
  loadPolicyFolder,
  loadPolicySet,
  runCases,
  shippedPolicies,
  type CaseOptions,
  type CaseReport,
  type Explanation,
  type PolicySet,
} from "@writ/policy";
import { byteLines } from "../byte-lines.ts";
import { outputFor, type CommonOptions } from "../command.ts";
import { resolveHomes } from "../homes.ts";
import { outcomeExit } from "../outcome-exit.ts";
import { readPolicyRequest } from "../policy-request.ts";
import { replaceFile } from "../replace-file.ts";
import { toStdout } from "../terminal/output.ts";

interface PolicyOptions extends CommonOptions {
  /** Folder of `.cedar` files and a `.cedarschema`; default: the operator's, else the shipped ones. */
  readonly policies?: string;
}

/** `writ policy check [folder]`: parse, validate strictly, compile. */
export async function check(folder: string | undefined, options: PolicyOptions): Promise<number> {
  const set = await loadSet(folder ?? options.policies, options);
  outputFor(options).result(
    { digest: set.digest, engine: set.engine, policies: set.policies.length, warnings: set.warnings },
    () => [
      `${String(set.policies.length)} policies, digest ${set.digest}`,
      ...set.warnings.map((warning) => `warning: ${warning}`),
    ],
  );
  return 0;
}

/** `writ policy fmt [--check] <file…>`: the official formatter, in place. */
export async function format(
  files: readonly string[],
  options: CommonOptions & { readonly check?: boolean },
): Promise<number> {
  const plan: { readonly file: string; readonly formatted: string }[] = [];
  for (const file of files.flatMap(cedarFiles)) {
    const text = readText(file);
    const formatted = await formatPolicies(text, file);
    if (formatted !== text) plan.push({ file, formatted });
  }
  // One file that cannot be formatted leaves all as they are.
  if (options.check !== true) for (const { file, formatted } of plan) replaceFile(file, formatted);
  const changed = plan.map(({ file }) => file);
  outputFor(options).result({ changed }, () =>
    changed.map((file) => (options.check === true ? `would change ${file}` : `formatted ${file}`)),
  );
  return options.check === true && changed.length > 0 ? 1 : 0;
}

/** `writ policy explain <request.json>`: which policies spoke about a request, and why. */
export async function explainRequest(file: string, options: PolicyOptions): Promise<number> {
  const set = await loadSet(options.policies, options);
  const { request, entities } = readPolicyRequest(readBytes(file));
  const explanation = explain(set, request, entityStore(set, entities));
  outputFor(options).result(explanation, () => explanationLines(explanation));
  return outcomeExit(explanation.decision.outcome);
}

function explanationLines({ summary, policies }: Explanation): string[] {
  return [
    summary,
    ...policies.flatMap(({ verdict, id, effect, file, line, why, error }) => [
      `${verdict.padEnd(9)} ${effect} ${id}  (${file}:${String(line)})`,
      ...why.map((sentence) => `          ${sentence}`),
      ...(error === undefined ? [] : [`          error: ${error}`]),
    ]),
  ];
}

/** `writ policy test <cases.yaml…>`: decisions as readable cases. */
export async function testCases(files: readonly string[], options: PolicyOptions): Promise<number> {
  const set = await loadSet(options.policies, options);
  // The grammar of shells is loaded where commands are judged, and nowhere else.
  const { processEffects } = await import("@writ/engine");
  const reports = files.map((file) => ({ file, ...casesOf(set, file, { effectsOf: processEffects }) }));
  const failed = reports.reduce((sum, report) => sum + report.failed, 0);
  outputFor(options).result({ reports }, () =>
    reports.flatMap((report) => [
      ...report.cases.filter((one) => !one.ok).map((one) => `FAIL ${report.file}: ${one.name}: ${one.message ?? ""}`),
      `${report.file}: ${String(report.passed)} passed, ${String(report.failed)} failed`,
    ]),
  );
  return failed === 0 ? 0 : 1;
}

/** With several files, a fault's line alone would not say where it is. */
function casesOf(set: PolicySet, file: string, how: CaseOptions): CaseReport {
  try {
    return runCases(set, readText(file), how);
  } catch (error) {
    if (!isWritError(error, "POLICY_CASES")) throw error;
    const { code, message, reason, next, details } = error;
    throw new WritError({ code, message: `\`${file}\`: ${message}`, reason, next, details, cause: error });
  }
}

/** `writ policy authorize --batch <file.jsonl>`: one JSON line a request, in order. */
export async function authorize(options: { readonly batch: string; readonly engine?: string }): Promise<number> {
  const engine = options.engine ?? "compiled";
  if (engine !== "compiled" && engine !== "reference") throw unknownEngine(engine);
  readableFile(options.batch);
  let failed = false;
  const lines = byteLines(readChunks(options.batch), BATCH_LINE_BYTES_MAX);
  for await (const line of authorizeBatch(lines, { engine })) {
    failed ||= Object.hasOwn(JSON.parse(line) as object, "error");
    if (!(await toStdout(`${line}\n`))) break;
  }
  return failed ? 1 : 0;
}

async function* readChunks(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file)) yield chunk as Buffer;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** The folder named, else the operator's own, else the shipped set. */
async function loadSet(folder: string | undefined, options: CommonOptions): Promise<PolicySet> {
  if (folder !== undefined) return loadPolicyFolder(folder);
  const { policies } = resolveHomes(process.env, options.home);
  return existsSync(policies) ? loadPolicyFolder(policies) : loadPolicySet(shippedPolicies());
}

function cedarFiles(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(".cedar"));
  if (names.length === 0) throw unreadable(path, { code: "it holds no `*.cedar` file" });
  return names.sort().map((name) => join(path, name));
}

/** Strictly, since the formatter writes back what was read. */
function readText(file: string): string {
  const bytes = readBytes(file);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unreadable(file, { code: "it is not UTF-8" });
  }
}

function readBytes(file: string): Buffer {
  readableFile(file);
  try {
    return readFileSync(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function readableFile(file: string): void {
  if (!existsSync(file)) throw unreadable(file, undefined);
  // Devices and pipes have no size to bound, and may never end.
  if (!statSync(file).isFile()) throw unreadable(file, { code: "it is no file" });
}

function unreadable(file: string, cause: unknown): WritError {
  return new WritError({
    code: "FILE_UNREADABLE",
    message: `cannot read \`${file}\``,
    reason: (cause as NodeJS.ErrnoException | undefined)?.code ?? "there is no such file",
    next: "check the path and its rights",
    cause,
  });
}

function unknownEngine(engine: string): WritError {
  return new WritError({
    code: "USAGE",
    message: `there is no engine \`${engine}\``,
    reason: "`compiled` is Writ's own, `reference` the official one",
    next: "use `--engine=compiled` or `--engine=reference`",
  });
}
