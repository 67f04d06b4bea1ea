import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WritError, compareCodeUnits } from "@writ/canon";
import type { SourceFile } from "./types.ts";

/** Codes `shippedPolicies` throws. */
export type ShippedErrorCode =
  /** The folder of shipped policies is not there, or holds no schema. */
  | "POLICY_SHIPPED_MISSING"
  /** A file of it cannot be read, or is not UTF-8. */
  | "POLICY_SHIPPED_UNREADABLE";

export interface ShippedPolicies {
  /** Sorted by name. */
  readonly policies: readonly SourceFile[];
  readonly schema: SourceFile;
}

const SCHEMA_NAME = "writ.cedarschema";

/**
 * The policies and schema that come with Writ, read from `folder` at each call. Without one: the `policies/` folder
 * of this package, or the one beside a bundle. Throws `POLICY_SHIPPED_MISSING` and `POLICY_SHIPPED_UNREADABLE`.
 */
export function shippedPolicies(folder?: string): ShippedPolicies {
  const folders = folder === undefined ? defaultFolders() : [folder];
  for (const candidate of folders) {
    const names = namesIn(candidate);
    if (names.includes(SCHEMA_NAME)) return readFolder(candidate, names);
  }
  throw new WritError<ShippedErrorCode>({
    code: "POLICY_SHIPPED_MISSING",
    message: `no shipped policies in ${folders.map((candidate) => `\`${candidate}\``).join(" or ")}`,
    reason: `\`${SCHEMA_NAME}\` and the policies beside it come with the installation and were not found`,
    next: "install Writ again, or name the folder that holds them",
  });
}

/** A bundle has `policies/` in its own folder; `src/` and `dist/` lie beside it. */
function defaultFolders(): readonly string[] {
  return [new URL("policies", import.meta.url), new URL("../policies", import.meta.url)].map((url) =>
    fileURLToPath(url),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted(compareCodeUnits);
  } catch {
    return [];
  }
}

function readFolder(folder: string, names: readonly string[]): ShippedPolicies {
  const read = (name: string): SourceFile => ({ name, text: readText(join(folder, name)) });
  return {
    policies: names.filter((name) => name.endsWith(".cedar")).map(read),
    schema: read(SCHEMA_NAME),
  };
}

function readText(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    throw new WritError<ShippedErrorCode>({
      code: "POLICY_SHIPPED_UNREADABLE",
      message: `cannot read \`${path}\``,
      reason: "without every file of the set no decision can be made",
      next: "make the file readable UTF-8, or install Writ again",
      cause,
    });
  }
}
