import { execFile } from "node:child_process";
import type { SandboxTools } from "./detect-sandbox.ts";

/** What this version of bubblewrap can do. */
export interface Abilities extends Pick<SandboxTools, "recent" | "pinning"> {
  readonly version: string;
}

/** A distribution may have added an option to an older version, so such a one is asked. */
export async function abilitiesOf(bwrap: string): Promise<Abilities> {
  const number = /(\d+)\.(\d+)(?:\.\d+)?/.exec((await probe(bwrap, ["--version"])).text);
  const version = number?.[0] ?? "unknown";
  if (number !== null && (Number(number[1]) > 0 || Number(number[2]) >= 10))
    return { version, recent: true, pinning: true };
  const { text } = await probe(bwrap, ["--help"]);
  return { version, recent: text.includes(" --size "), pinning: text.includes(" --ro-bind-fd ") };
}

/** How a program that was only tried ended, and what it said. */
export interface Probe {
  readonly ok: boolean;
  readonly text: string;
}

/** A sandbox starts in some 10 ms; a machine under heavy load may take seconds, and must not count as having none. */
const PROBE_MS = 20_000;

export function probe(program: string, args: readonly string[]): Promise<Probe> {
  return new Promise((resolve) => {
    const options = { timeout: PROBE_MS, killSignal: "SIGKILL", env: { LC_ALL: "C" } } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim();
      resolve({ ok: error === null, text: said === "" && error !== null ? error.message : said });
    });
  });
}
