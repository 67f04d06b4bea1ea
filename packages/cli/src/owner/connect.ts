import { createClient, type Client } from "@writ/api/client";
import { WritError } from "@writ/canon";
import type { Homes } from "../homes.ts";
import { httpTransport, type Address } from "../transport.ts";
import { requireOwnFolders } from "./home-folder.ts";
import { VERSION } from "../version.ts";

/** A command's line to the log: through the owner's socket, a server elsewhere, or an engine in this process. */
export interface Connection {
  readonly client: Client;
  /** How to reach the same place for streams; absent for an engine in this process. */
  readonly address: Address | undefined;
  /** Makes sure again that somebody answers; an owner that was killed is started anew. */
  reach(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly homes: Homes;
  readonly inProcess: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

/** Connects, starting an owner in the background when none answers. */
export async function connect({ homes, inProcess, environment }: ConnectOptions): Promise<Connection> {
  const token = tokenOf(environment["WRIT_TOKEN"]);
  const url = environment["WRIT_URL"];
  if (inProcess) return (await import("./in-process.ts")).connectInProcess(homes, token);
  if (url === undefined) requireOwnFolders(homes);
  const address: Address = {
    target: url === undefined ? { socketPath: homes.socket } : { url: serverUrl(url) },
    token,
  };
  const client = createClient(httpTransport(address));
  const reach = url === undefined ? () => reachOwner(client, homes) : () => Promise.resolve();
  await reach();
  return { client, address, reach, close: () => Promise.resolve() };
}

/** Asks the owner who it is; starts one when nobody answers, and replaces an idle one of another version. */
async function reachOwner(client: Client, homes: Homes): Promise<void> {
  const found = await health(client);
  if (found?.version === VERSION) return;
  if (found !== undefined) await client.post("/api/owner/step-down");
  const [{ ensureOwner }, { saying }] = await Promise.all([import("./start.ts"), import("../terminal/progress.ts")]);
  await saying(
    "waiting for the owner of the log",
    ensureOwner(homes, () => health(client)),
  );
}

export interface OwnerHealth {
  readonly version: string;
}

async function health(client: Client): Promise<OwnerHealth | undefined> {
  try {
    return await client.get<OwnerHealth>("/health");
  } catch (error) {
    if (error instanceof WritError && error.code === "OWNER_UNREACHABLE") return undefined;
    throw error;
  }
}

/** What no token holds could not even be sent. */
function tokenOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[\x20-\x7e]*$/.test(text)) return text;
  throw new WritError({
    code: "TOKEN_INVALID",
    message: "WRIT_TOKEN is not valid",
    reason: "a token is of the form `writ_<role>_…`, on one line",
    next: "set it to the token alone, or create another with `writ token create`",
  });
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:") return url;
  throw new WritError({
    code: "USAGE",
    message: `\`${text}\` in WRIT_URL is no http address`,
    reason: "the command speaks plain HTTP to a server on this machine; put TLS in front for others",
    next: "set it to something like `http://127.0.0.1:8300`, or unset it",
  });
}
