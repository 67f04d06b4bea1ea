import type { ExactJson } from "@writ/canon";
import { isExactRecord, textMember, textOrEmpty } from "../compat/exact-record.ts";
import { failure, type FailureFamily, type LegacyFailure } from "./failure.ts";
import { schemaFinding } from "./schema.ts";
import { packagedSchema } from "./schemas/index.ts";

/** Checks a value against a packaged schema; undefined when it satisfies it. `label` begins the text. */
export function validateAgainst(
  value: ExactJson,
  reference: string,
  label: string,
  family: FailureFamily = "schema",
): LegacyFailure | undefined {
  const schema = packagedSchema(reference);
  const finding = schema === undefined ? `no packaged schema ${reference}` : schemaFinding(value, schema);
  return finding === undefined ? undefined : failure(family, `${label} schema validation failed:${finding}`);
}

/** Checks an artifact against the packaged schema that its own `schema_ref` names. */
export function validateArtifact(value: ExactJson, label = "artifact"): LegacyFailure | undefined {
  if (!isExactRecord(value)) return failure("schema", `${label} schema validation failed:$ is not of type object`);
  return validateAgainst(value, textMember(value, "schema_ref") ?? textOrEmpty(value, "schema"), label);
}
