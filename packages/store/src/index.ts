export type {
  AdvisoryLock,
  Database,
  Migration,
  NodeCoordination,
  Row,
  SqlValue,
  StoreErrorCode,
  Transaction,
} from "./port.ts";
export { openSqlite } from "./sqlite.ts";
export type { SqliteOptions } from "./sqlite.ts";
export type { Durability } from "./sqlite-settings.ts";
export { storeError } from "./store-error.ts";
export type { StoreFailure } from "./store-error.ts";
export { syncFolder } from "./sync-folder.ts";
export { checkpointWal } from "./wal-checkpoint.ts";
export type { WalCheckpoint } from "./wal-checkpoint.ts";
export { openPostgres } from "./postgres.ts";
export type { PostgresConnection, PostgresOptions } from "./postgres.ts";
