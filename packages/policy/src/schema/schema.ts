import { type OfficialFault, resolveOfficialSchema } from "../official/official-engine.ts";
import { policyRefusal } from "../refusal.ts";
import { type ActionType, actionTypes } from "./schema-actions.ts";
import { type EntityType, entityTypes } from "./schema-entities.ts";
import type { NamespaceJson } from "./schema-json.ts";
import { TypeTable } from "./schema-types.ts";
import { textPosition } from "../loading/text-position.ts";
import type { SourceFile } from "../types.ts";

/** A schema as readers: how to read and check entities, requests and contexts. */
export interface Schema {
  readonly entityTypes: ReadonlyMap<string, EntityType>;
  /** By type, then id. */
  readonly actions: ReadonlyMap<string, ReadonlyMap<string, ActionType>>;
}

/** Parses a schema with the official engine; `POLICY_SCHEMA` with file, line and column otherwise. */
export function parseSchema(source: SourceFile): Schema {
  const answer = resolveOfficialSchema(source.text);
  if (answer.type === "failure") throw schemaRefusal(source, answer.errors);
  const namespaces = answer["json"] as Readonly<Record<string, NamespaceJson>>;
  const table = new TypeTable(namespaces);
  return { entityTypes: entityTypes(namespaces, table), actions: actionTypes(namespaces, table) };
}

function schemaRefusal(source: SourceFile, faults: readonly OfficialFault[]): Error {
  const fault = faults[0];
  const start = fault?.sourceLocations?.[0]?.start ?? 0;
  const { line, column } = textPosition(source.text, start);
  return policyRefusal(
    "POLICY_SCHEMA",
    `\`${source.name}:${line}:${column}\`: ${fault?.message ?? "the schema does not parse"}`,
    fault?.help ?? "correct the schema",
    { file: source.name, line, column },
  );
}
