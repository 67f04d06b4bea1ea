import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PolicySetSource } from "@writ/engine";
import { WritError } from "@writ/canon";
import { readPolicyFolder, shippedPolicies } from "@writ/policy";
import type { Homes } from "../homes.ts";

/**
 * Reads the policies of a folder; without one the operator's own, when that folder is there, else the shipped ones.
 *
 * @throws WritError a `POLICY_…` code that names file, line and remedy.
 */
export async function readPolicySource(homes: Homes, folder?: string): Promise<PolicySetSource> {
  if (folder === undefined && !existsSync(homes.policies)) {
    const { policies, schema } = shippedPolicies();
    return { origin: "shipped", schema: schema.text, files: policies };
  }
  const path = folder ?? homes.policies;
  const { policies, schema } = await readPolicyFolder(path);
  if (schema === undefined) throw withoutSchema(path);
  return { origin: "operator", schema: schema.text, files: policies };
}

/** The same, read again only when a name, size or time in the folder has changed since; as often as status is asked. */
export function watchPolicySource(homes: Homes): () => Promise<PolicySetSource> {
  let seen: { readonly mark: string; readonly source: Promise<PolicySetSource> } | undefined;
  return () => {
    const mark = markOf(homes.policies);
    if (seen?.mark === mark) return seen.source;
    const source = readPolicySource(homes);
    seen = { mark, source };
    // What fails now, for want of memory or files, may be read the next time.
    source.catch(() => (seen = undefined));
    return source;
  };
}

/** The kernel sets `ctime`; no editor can put it back. Another folder in the place of the first has another number. */
function markOf(folder: string): string {
  try {
    const names = readdirSync(folder).slice(0, FILES_MAX).toSorted();
    return names.map((name) => `${name} ${identityOf(join(folder, name))}`).join("\n") + identityOf(folder);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unreadable";
  }
}

/** More names than a readable folder of policies has. */
const FILES_MAX = 2_000;

function identityOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "gone" : [found.ino, found.size, found.mode, found.mtimeNs, found.ctimeNs].join(" ");
}

function withoutSchema(path: string): WritError {
  return new WritError({
    code: "POLICY_SCHEMA",
    message: `\`${path}\` holds no \`*.cedarschema\``,
    reason: "policies that decide are checked strictly against a schema",
    next: "copy `writ.cedarschema` of the shipped policies into it",
  });
}
