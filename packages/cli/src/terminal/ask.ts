import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { WritError } from "@writ/canon";
import { folded, printable } from "./printable.ts";

/** Variables that coding agents set for the commands they start. An approval under one would be the agent's own. */
const AGENT_MARKERS = [
  "CLAUDECODE",
  "CLAUDE_CODE_ENTRYPOINT",
  "CODEX_SANDBOX",
  "CODEX_SANDBOX_NETWORK_DISABLED",
  "CODEX_THREAD_ID",
  "CURSOR_AGENT",
  "CURSOR_TRACE_ID",
  "GEMINI_CLI",
  "OPENCODE",
  "AIDER_SESSION",
  "REPLIT_AGENT",
  "AI_AGENT",
] as const;

/** A longer answer is no yes. */
const ANSWER_BYTES_MAX = 256;

/**
 * Refuses an operator's act where a coding agent's markers are in the environment: a command that an agent
 * starts speaks for the agent.
 *
 * @throws WritError `APPROVAL_BY_AGENT`.
 */
export function refuseInsideAgent(environment: NodeJS.ProcessEnv): void {
  const marker = AGENT_MARKERS.find((name) => (environment[name] ?? "") !== "");
  if (marker !== undefined) throw askedByAgent(marker);
}

/**
 * Asks a person on the controlling terminal, never on stdin, which another program could feed.
 *
 * @throws WritError `APPROVAL_NEEDS_TERMINAL`.
 */
export function confirmOnTerminal(question: readonly string[], ask: string): boolean {
  const terminal = openTerminal();
  try {
    const columns = process.stdout.columns ?? process.stderr.columns;
    for (const line of question) writeSync(terminal, `${folded(printable(line), columns)}\n`);
    writeSync(terminal, `${ask} [y/N] `);
    return /^y(es)?$/i.test(readLine(terminal).trim());
  } finally {
    closeSync(terminal);
  }
}

function openTerminal(): number {
  try {
    return openSync("/dev/tty", "r+");
  } catch (cause) {
    throw new WritError({
      code: "APPROVAL_NEEDS_TERMINAL",
      message: "there is no terminal to ask on",
      reason: "an approval from this machine is a person's answer on the controlling terminal",
      next: "run it in a terminal, add `--yes` in a script of your own, or give an operator token in WRIT_TOKEN",
      cause,
    });
  }
}

function askedByAgent(marker: string): WritError {
  return new WritError({
    code: "APPROVAL_BY_AGENT",
    message: `this command runs inside a coding agent (\`${marker}\` is set)`,
    reason: "an agent can neither approve nor govern, and a command it starts speaks for it",
    next: "do it in a terminal of your own, or on the inbox page",
  });
}

/**
 * One line, waited for without the event loop: nothing else is to do, Ctrl-C ends the process at once, and no stream
 * on the terminal keeps it alive after the answer.
 */
function readLine(terminal: number): string {
  const buffer = Buffer.alloc(ANSWER_BYTES_MAX);
  let size = 0;
  while (size < buffer.length && !buffer.subarray(0, size).includes("\n")) {
    const more = readSync(terminal, buffer, size, buffer.length - size, null);
    if (more === 0) break;
    size += more;
  }
  return buffer.toString("utf8", 0, size);
}
