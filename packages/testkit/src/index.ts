export { chromiumPath, launchChromium } from "./chromium.ts";
export { faultyDatabase, faultyStatements } from "./fault-store.ts";
export type { Fault, FaultyDatabase } from "./fault-store.ts";
export { startPostgres } from "./postgres.ts";
export type { PostgresServer, PostgresServerOptions } from "./postgres.ts";
export { startPostgresProxy } from "./postgres-proxy.ts";
export type { Cut, PostgresProxy } from "./postgres-proxy.ts";
export { describeWithPostgres } from "./postgres-suite.ts";
export { describeWithVectors, vectorsFolder } from "./vectors.ts";
