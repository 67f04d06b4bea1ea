import { WritError } from "@writ/canon";

import type { PolicyErrorCode } from "../error-code.ts";
import { instantiateOfficial, type OfficialExports, readModuleText, writeModuleText } from "./official-module.ts";

/** A fault as the official engine reports it. Offsets are UTF-8 bytes of the text it was given. */
export interface OfficialFault {
  readonly message: string;
  readonly help?: string | null;
  readonly sourceLocations?: readonly { readonly start: number; readonly end: number; readonly label: string | null }[];
}

export type OfficialAnswer =
  | ({ readonly type: "success" } & Readonly<Record<string, unknown>>)
  | { readonly type: "failure"; readonly errors: readonly OfficialFault[] };

type StructuredCall =
  | "policyToJson"
  | "templateToJson"
  | "formatPolicies"
  | "validate"
  | "isAuthorized"
  | "statefulIsAuthorized"
  | "checkParseSchema";

/** Module-wide, since an instance costs milliseconds and memory; replaced when a call kills it. */
let instance: OfficialExports | undefined;

/** One call with a structured argument. A trap becomes `POLICY_ENGINE`, and the next call has a new instance. */
export function callOfficial(name: StructuredCall, argument: unknown): OfficialAnswer {
  return guarded((wasm) => wasm[name](argument));
}

/** The schema with every type name resolved (spec: action groups spell out their type). */
export function resolveOfficialSchema(text: string): OfficialAnswer {
  return guarded((wasm) => wasm.schemaToJsonWithResolvedTypes(...writeModuleText(wasm, text)));
}

/** Parses policies or a schema once, under a name that later stateful calls use. */
export function preparseOfficial(kind: "policies" | "schema", name: string, value: unknown): OfficialAnswer {
  return guarded((wasm) => {
    const [pointer, length] = writeModuleText(wasm, name);
    return kind === "policies"
      ? wasm.preparsePolicySet(pointer, length, value)
      : wasm.preparseSchema(pointer, length, value);
  });
}

/** Version of Cedar inside, for example `4.13.0`. */
export function officialVersion(): string {
  const wasm = current();
  const [pointer, length] = wasm.getCedarVersion();
  try {
    return readModuleText(wasm, pointer, length);
  } finally {
    wasm["__wbindgen_free"](pointer, length, 1);
  }
}

function current(): OfficialExports {
  if (instance !== undefined) return instance;
  try {
    instance = instantiateOfficial();
  } catch (cause) {
    throw engineFault("the official Cedar engine cannot start", "it is needed to load policies", cause);
  }
  return instance;
}

/**
 * INVARIANT: after a trap the instance is never called again; its memory is in an unknown state and every
 * later call would fail or lie.
 */
function guarded(run: (wasm: OfficialExports) => unknown): OfficialAnswer {
  const wasm = current();
  try {
    return run(wasm) as OfficialAnswer;
  } catch (cause) {
    instance = undefined;
    throw engineFault(
      "the official Cedar engine died on this input",
      "the input is nested too deeply or too long",
      cause,
    );
  }
}

function engineFault(message: string, reason: string, cause: unknown): WritError<PolicyErrorCode> {
  return new WritError({
    code: "POLICY_ENGINE",
    message,
    reason,
    next: "simplify the input, or reinstall `@cedar-policy/cedar-wasm` if every input fails",
    cause,
  });
}
