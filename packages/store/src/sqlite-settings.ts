import type { SqliteConnection } from "./sqlite-connection.ts";
import { storeError } from "./store-error.ts";

/** Whether an acknowledged commit must survive a power cut, or can be made again from the log. */
export type Durability = "full" | "rebuildable";

export interface SqliteSettings {
  readonly durable: Durability;
  /** Bytes; a power of two from 512 to 65536. Fixed when the file is made. */
  readonly pageSize: number;
  readonly applicationId: number | undefined;
  readonly readOnly: boolean;
}

/**
 * Sets what durability and tamper resistance rest on and reads each back (spec ledger.md §5): an engine may ignore
 * a pragma without a word. Throws `STORE_SETTINGS` on a difference, `STORE_FORMAT` for somebody else's file.
 */
export function applySettings(connection: SqliteConnection, settings: SqliteSettings): void {
  // Newer than the oldest supported Node; it refuses statements that could damage the file on purpose.
  if (typeof connection.database.enableDefensive === "function") connection.database.enableDefensive(true);
  if (!settings.readOnly && isEmpty(connection)) claimFile(connection, settings);
  checkApplication(connection, settings);
  for (const { name, value, set } of wanted(settings)) {
    if (set) connection.exec(`PRAGMA ${name} = ${value}`);
    const found = readSetting(connection, name);
    if (found !== value)
      throw storeError({
        code: "STORE_SETTINGS",
        message: `sqlite setting \`${name}\` is \`${found}\`, not \`${value}\``,
        details: { name, found, wanted: value },
      });
  }
}

/** The settings as the engine reports them now. */
export function readSettings(connection: SqliteConnection, settings: SqliteSettings): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name } of wanted(settings)) found[name] = readSetting(connection, name);
  found["sqlite_version"] = String(connection.get("SELECT sqlite_version() AS v", [])?.["v"]);
  return found;
}

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly set: boolean;
}

function wanted({ durable, pageSize, readOnly }: SqliteSettings): readonly Setting[] {
  const set = true;
  const everywhere: readonly Setting[] = [
    { name: "journal_mode", value: "wal", set: !readOnly },
    { name: "page_size", value: String(pageSize), set: false },
    { name: "trusted_schema", value: "0", set },
    { name: "cell_size_check", value: "1", set },
    { name: "foreign_keys", value: "1", set },
  ];
  if (readOnly) return everywhere;
  const fullSync = process.platform === "darwin" ? "1" : "0";
  return [
    ...everywhere,
    { name: "synchronous", value: durable === "full" ? "2" : "1", set },
    { name: "secure_delete", value: "1", set },
    // The log's owner checkpoints beside the writer; nobody does that for views, so SQLite does.
    { name: "wal_autocheckpoint", value: durable === "full" ? "0" : "1000", set },
    { name: "fullfsync", value: fullSync, set },
    { name: "checkpoint_fullfsync", value: fullSync, set },
  ];
}

function readSetting(connection: SqliteConnection, name: string): string {
  const row = connection.get(`PRAGMA ${name}`, []);
  return row === undefined ? "" : String(Object.values(row)[0]);
}

function isEmpty(connection: SqliteConnection): boolean {
  return readSetting(connection, "page_count") === "0";
}

/** The page size only takes before the first page is written, so it comes before WAL mode. */
function claimFile(connection: SqliteConnection, { pageSize, applicationId }: SqliteSettings): void {
  connection.exec(`PRAGMA page_size = ${pageSize}`);
  if (applicationId !== undefined) connection.exec(`PRAGMA application_id = ${applicationId}`);
}

function checkApplication(connection: SqliteConnection, { applicationId }: SqliteSettings): void {
  const found = readSetting(connection, "application_id");
  if (applicationId === undefined || found === String(applicationId)) return;
  throw storeError({
    code: "STORE_FORMAT",
    message: `the file has application id \`${found}\`, not \`${applicationId}\``,
    details: { found: Number(found), wanted: applicationId },
  });
}
