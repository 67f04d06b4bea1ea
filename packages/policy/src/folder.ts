import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { compareCodeUnits } from "@writ/canon";

import { loadPolicySet } from "./load.ts";
import type { PolicySet, PolicySources } from "./policy-set.ts";
import { policyRefusal } from "./refusal.ts";
import type { SourceFile } from "./types.ts";

/** Policy files of one folder. */
const FILES_MAX = 1_000;

/**
 * Loads every `*.cedar` file of a folder, in the order of their names, with its one `*.cedarschema`. Other files
 * and sub-folders are ignored. Refuses like `loadPolicySet`, and with `POLICY_UNREADABLE` for a folder or file
 * that cannot be read or holds no policy, `POLICY_SCHEMA` for a second schema.
 */
export async function loadPolicyFolder(path: string): Promise<PolicySet> {
  return loadPolicySet(await readPolicyFolder(path));
}

/** The same files, read and not yet parsed: what they are, not whether they are good. */
export async function readPolicyFolder(path: string): Promise<PolicySources> {
  const names = (await readNames(path)).sort(compareCodeUnits);
  const policyNames = names.filter((name) => name.endsWith(".cedar"));
  const schemaNames = names.filter((name) => name.endsWith(".cedarschema"));
  if (policyNames.length === 0) throw unreadable(path, "holds no `*.cedar` file");
  if (policyNames.length > FILES_MAX) throw unreadable(path, `holds more than ${FILES_MAX} policy files`);
  if (schemaNames.length > 1) {
    throw policyRefusal("POLICY_SCHEMA", `\`${path}\` holds ${schemaNames.length} schemas`, "keep one of them", {
      file: schemaNames[1]!,
    });
  }
  const policies: SourceFile[] = [];
  for (const name of policyNames) policies.push(await readSource(path, name));
  const schemaName = schemaNames[0];
  return { policies, ...(schemaName !== undefined && { schema: await readSource(path, schemaName) }) };
}

async function readNames(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    throw unreadable(path, NOT_LISTED[code] ?? `cannot be listed (${code})`, cause);
  }
}

const NOT_LISTED: Readonly<Record<string, string>> = {
  ENOENT: "is not there; policies are read from a folder",
  ENOTDIR: "is a file; policies are read from a folder with their schema, so name that",
};

async function readSource(folder: string, name: string): Promise<SourceFile> {
  const path = join(folder, name);
  let bytes: Uint8Array;
  try {
    // A pipe would be waited for without end.
    if (!(await stat(path)).isFile()) throw new TypeError("not a file");
    bytes = await readFile(path);
  } catch (cause) {
    throw unreadable(path, "cannot be read", cause);
  }
  try {
    return { name, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (cause) {
    throw unreadable(path, "is not UTF-8", cause);
  }
}

function unreadable(path: string, what: string, cause?: unknown): Error {
  return policyRefusal(
    "POLICY_UNREADABLE",
    `\`${path}\` ${what}`,
    "correct the folder, then start again",
    { path },
    cause,
  );
}
