import { isIP } from "node:net";
import { WritError } from "@writ/canon";
import type { CommonOptions } from "../command.ts";
import { resolveHomes } from "../homes.ts";
import { refuseInsideAgent } from "../terminal/ask.ts";
import { firstSignal } from "../terminal/first-signal.ts";
import { printable } from "../terminal/printable.ts";

interface UpOptions extends CommonOptions {
  readonly port?: string;
  readonly host?: string;
  readonly trial?: boolean;
}

export const DEFAULT_PORT = 8300;

/**
 * `writ up`: the owner that stays, with HTTP, WebSocket, MCP and the inbox page. Ends at Ctrl-C. It may print an
 * operator's token, and in trial mode asks for none, so an agent does not start it.
 */
export async function up(options: UpOptions): Promise<number> {
  refuseInsideAgent(process.env);
  const host = parseHost(options.host);
  const port = parsePort(options.port);
  const trial = options.trial === true;
  if (trial && !isLoopback(host)) throw trialElsewhere(host);
  const homes = resolveHomes(process.env, options.home);
  // A signal while the log opens ends a whole owner, not half of one.
  const stopped = firstSignal();
  const { startOwner } = await import("../owner/serve.ts");
  const owner = await startOwner({ homes, tcp: { host, port }, trial });
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
  const link = owner.firstToken === undefined ? `${address}/` : `${address}/#token=${owner.firstToken}`;
  if (options.json === true) {
    process.stdout.write(
      `${JSON.stringify({ address, inbox: link, token: owner.firstToken ?? null, home: homes.data, trial })}\n`,
    );
  } else {
    for (const line of banner({ address, link, token: owner.firstToken, home: homes.data, trial }))
      process.stdout.write(`${printable(line)}\n`);
  }
  const signal = await stopped;
  await owner.close();
  return signal === "SIGINT" ? 130 : 0;
}

function banner(up: {
  address: string;
  link: string;
  token: string | undefined;
  home: string;
  trial: boolean;
}): string[] {
  return [
    `Writ is up at ${up.address}`,
    `  inbox      ${up.link}`,
    ...(up.token === undefined
      ? ["  token      use one you have, or: writ token create operator"]
      : [`  token      ${up.token}  (operator; shown this once)`]),
    `  log        ${up.home}`,
    ...(up.trial ? ["  TRIAL      no token is asked on loopback; every entry records that"] : []),
    "",
    "Let an agent ask first:",
    "  writ token create agent",
    `  claude mcp add --transport http writ ${up.address}/mcp --header "Authorization: Bearer <agent token>"`,
    `  codex mcp add writ -- writ mcp`,
    "",
    "Ctrl-C stops it; nothing that was acknowledged is lost.",
  ];
}

/** An empty address would listen on every one that this machine has. */
function parseHost(text = "127.0.0.1"): string {
  if (/^[0-9A-Za-z._:%-]+$/.test(text)) return text;
  throw new WritError({
    code: "USAGE",
    message: text === "" ? "`--host` is empty" : `\`${text}\` is no address`,
    reason: "it says who may reach the server",
    next: "leave `--host` out for 127.0.0.1, or name an address of this machine",
  });
}

function parsePort(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new WritError({
    code: "USAGE",
    message: `\`${text ?? ""}\` is no port`,
    reason: "a port is a whole number from 1 to 65535",
    next: "leave `--port` out for 8300",
  });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function trialElsewhere(host: string): WritError {
  return new WritError({
    code: "USAGE",
    message: `\`--trial\` on \`${host}\` would let anyone on the network act as the operator`,
    reason: "trial mode asks no token and is for this machine alone",
    next: "leave `--host` out, or leave `--trial` out",
  });
}
