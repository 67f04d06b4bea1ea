import { existsSync } from "node:fs";
import type { PolicySetSource } from "@writ/engine";
import { WritError } from "@writ/canon";
import { loadPolicyFolder, shippedPolicies } from "@writ/policy";
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
  const { sources, schema } = await loadPolicyFolder(path);
  if (schema === undefined) throw withoutSchema(path);
  return { origin: "operator", schema: schema.text, files: sources };
}

function withoutSchema(path: string): WritError {
  return new WritError({
    code: "POLICY_SCHEMA",
    message: `\`${path}\` holds no \`*.cedarschema\``,
    reason: "policies that decide are checked strictly against a schema",
    next: "copy `writ.cedarschema` of the shipped policies into it",
  });
}
