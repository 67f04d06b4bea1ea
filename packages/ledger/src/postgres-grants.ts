import { ledgerError } from "./ledger-error.ts";

/**
 * The rights that a node's role needs and no more (spec ledger.md §5): entries and tiles can be added and read, never
 * changed. For the owner of the schema to run once the tables are there; a node with these rights opens the log but
 * cannot migrate it. Names are lower-case letters, digits and `_`; others are refused with `LEDGER_SETTINGS`.
 */
export function postgresGrants(names: { readonly role: string; readonly schema: string }): string {
  for (const name of [names.role, names.schema]) if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw badName(name);
  const { role, schema } = names;
  const lines = RIGHTS.map(([right, tables]) => {
    const list = tables.map((table) => `${schema}.${table}`).join(", ");
    return `GRANT ${right} ON ${list} TO ${role};`;
  });
  return [`GRANT USAGE ON SCHEMA ${schema} TO ${role};`, ...lines, ""].join("\n");
}

const RIGHTS: readonly (readonly [string, readonly string[]])[] = [
  ["SELECT", ["schema_migration", "private"]],
  ["SELECT, INSERT", ["entry", "tile", "guard"]],
  ["SELECT, INSERT, UPDATE", ["head", "source"]],
  ["SELECT, INSERT, UPDATE, DELETE", ["meta", "checkpoint"]],
  ["SELECT, INSERT, DELETE", ["private_content"]],
];

function badName(name: string) {
  return ledgerError({
    code: "LEDGER_SETTINGS",
    message: `\`${name}\` is not a name for a role or schema`,
    reason: "names stand in the statements as they are",
    next: "use lower-case letters, digits and `_`",
  });
}
