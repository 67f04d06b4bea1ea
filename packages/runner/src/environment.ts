import type { WritError } from "@writ/canon";
import type { RunnerErrorCode } from "./error-code.ts";
import type { ProcessShape } from "@writ/kernel";
import { refuse } from "./refusal.ts";

/** The most one variable may hold: Linux's MAX_ARG_STRLEN, less name and NUL. */
const VALUE_BYTES_MAX = 120 * 1024;

/**
 * The whole environment of a process: fixed basics and the values of the contract's names. A name without a value
 * stays unset; a value without a name in the contract is withheld.
 *
 * @throws WritError `RUNNER_ENVIRONMENT_INVALID`.
 */
export function buildEnvironment(
  { environment }: ProcessShape,
  given: Readonly<Record<string, string>>,
  basics: { readonly home: string; readonly path: readonly string[] },
): ReadonlyMap<string, string> {
  const result = new Map([
    ["PATH", basics.path.join(":")],
    ["HOME", basics.home],
    ["LANG", "C.UTF-8"],
    ["TERM", "dumb"],
  ]);
  for (const name of environment) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined) continue;
    if (value.includes("\0") || Buffer.byteLength(value) > VALUE_BYTES_MAX) throw invalid(name);
    result.set(name, value);
  }
  return result;
}

function invalid(name: string): WritError<RunnerErrorCode> {
  return refuse({
    code: "RUNNER_ENVIRONMENT_INVALID",
    reason: `the value of \`${name}\` holds a NUL or is larger than ${String(VALUE_BYTES_MAX)} bytes`,
    next: "shorten it, or leave the name out of the contract",
  });
}
