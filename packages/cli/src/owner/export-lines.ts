import { httpLines } from "../transport.ts";
import type { Connection } from "./connect.ts";

/** A bundle's bytes as they come, or at once from an engine in this process. */
export async function* exportLines({ address, client }: Connection, path: string): AsyncGenerator<Buffer> {
  if (address === undefined) yield Buffer.from(await client.text(path));
  else yield* httpLines(address, path);
}
