import type { Client } from "@writ/api/client";
import { resolveHomes, type Homes } from "./homes.ts";
import { connect, type Connection } from "./owner/connect.ts";
import { createOutput, type Output } from "./terminal/output.ts";

/** Options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly home?: string;
  readonly inProcess?: boolean;
}

/** What a command works with. */
export interface Session {
  readonly client: Client;
  readonly connection: Connection;
  readonly homes: Homes;
  readonly output: Output;
}

export function outputFor(options: CommonOptions): Output {
  return createOutput(options.json === true);
}

/** Runs a command's work with a connection that is closed however it ends. */
export async function withSession<T>(options: CommonOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const homes = resolveHomes(process.env, options.home);
  const connection = await connect({ homes, inProcess: options.inProcess === true, environment: process.env });
  try {
    return await work({ client: connection.client, connection, homes, output: outputFor(options) });
  } finally {
    await connection.close();
  }
}
