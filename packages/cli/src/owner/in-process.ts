import { createClient } from "@writ/api/client";
import { createApp, createMetrics } from "@writ/server";
import { pino } from "pino";
import type { Homes } from "../homes.ts";
import { VERSION } from "../version.ts";
import { composeEngine } from "./compose.ts";
import type { Connection } from "./connect.ts";
import { readPolicySource } from "./policy-source.ts";

/** The same application as behind the socket, called in this process; for scripts that are surely alone. */
export async function connectInProcess(homes: Homes, token: string | undefined): Promise<Connection> {
  const composed = await composeEngine(homes, { trial: false });
  const app = createApp({
    engine: composed.engine,
    metrics: createMetrics(composed.engine, VERSION),
    log: pino({ level: "silent" }),
    trial: false,
    localOperator: composed.localOperator,
    version: VERSION,
    stepDown: () => {},
    readPolicies: (folder) => readPolicySource(homes, folder),
    touched: () => () => {},
    hosts: { hosts: new Set(), origins: new Set() },
  });
  const client = createClient({
    send: async ({ method, path, body, signal }) => {
      const init = {
        method,
        headers: {
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      };
      const response = await app.request(path, init, { door: "socket" });
      return { status: response.status, text: await response.text() };
    },
  });
  return { client, address: undefined, reach: () => Promise.resolve(), close: () => composed.close() };
}
