import { basename, dirname } from "node:path";
import { sha256Hex, WritError, type ExactJson } from "@writ/canon";
import { limitedLoader, scliteTextV01, scliteTextV02, validateArtifact, verifyChain } from "@writ/kernel";
import { parseConformanceCases, runConformance, verdictText } from "@writ/kernel/conformance";
import { outputFor, type CommonOptions } from "../command.ts";
import { readBytes, readExact, readRegular } from "./kernel-files.ts";

const RECIPES: Readonly<Record<string, (value: ExactJson) => string>> = {
  "sclite-json-v0.1": scliteTextV01,
  "sclite-json-v0.2": scliteTextV02,
};

/** `writ kernel conformance <cases.json>`: a verdict for each case; 1 when one differs or is not built. */
export function conformance(file: string, options: CommonOptions): Promise<number> {
  const report = runConformance(parseConformanceCases(readBytes(file)));
  const { same, stricter, different, unsupported } = report.counts;
  outputFor(options).result(report, () => [
    ...report.results.map(
      (result) =>
        `${verdictText(result)}  ${result.operation}  ${result.id}${result.actual === undefined ? "" : `  ${result.actual}`}`,
    ),
    `${String(same)} same, ${String(stricter)} stricter, ${String(different)} different, ${String(unsupported)} unsupported`,
  ]);
  return Promise.resolve(report.passed ? 0 : 1);
}

/** `writ kernel validate <file>`: an artifact against the schema it names. */
export function validate(file: string, options: CommonOptions): Promise<number> {
  const refused = validateArtifact(readExact(file));
  const finding = refused === undefined ? null : refused.text;
  outputFor(options).result({ valid: finding === null, finding }, () => [finding ?? "valid"]);
  return Promise.resolve(finding === null ? 0 : 1);
}

/** `writ kernel digest <file> [--recipe <name>]`: the digest and size of a value's canonical text. */
export function digest(file: string, options: CommonOptions & { readonly recipe?: string }): Promise<number> {
  const recipe = options.recipe ?? "sclite-json-v0.1";
  const write = Object.hasOwn(RECIPES, recipe) ? RECIPES[recipe] : undefined;
  if (write === undefined) throw unknownRecipe(recipe);
  const text = write(readExact(file));
  const result = { recipe, algorithm: "sha256", digest: sha256Hex(text), canonical_bytes: Buffer.byteLength(text) };
  outputFor(options).result(result, () => [`${result.digest}  ${String(result.canonical_bytes)} bytes  ${recipe}`]);
  return Promise.resolve(0);
}

/**
 * `writ kernel verify <manifest> [--lifecycle]`: a chain and the artifacts beside it; 4 when it is broken, 5 when it is
 * only reviewed.
 */
export function verify(file: string, options: CommonOptions & { readonly lifecycle?: boolean }): Promise<number> {
  const root = dirname(file);
  const load = limitedLoader((path) => readRegular(root, path));
  const verdict = verifyChain(
    { manifest: load(basename(file)) ?? readExact(file), load },
    { requireLifecycle: options.lifecycle === true },
  );
  if (!verdict.ok) {
    outputFor(options).result({ status: "failed", family: verdict.family, failure: verdict.text }, () => [
      verdict.text,
    ]);
    return Promise.resolve(4);
  }
  const { result } = verdict;
  const why = [result.scope_detail, result.ticket_validity_detail].filter((detail) => detail !== "");
  outputFor(options).result(result, () => [
    `${result.status}  ${String(result.entry_count)} entries  root ${result.root_chain_digest}`,
    ...(result.status === "review" ? why : []),
  ]);
  return Promise.resolve(result.status === "passed" ? 0 : 5);
}

function unknownRecipe(recipe: string): WritError {
  return new WritError({
    code: "USAGE",
    message: `there is no recipe \`${recipe}\``,
    reason: `the recipes are ${Object.keys(RECIPES).join(" and ")}`,
    next: "writ kernel digest --help",
  });
}
