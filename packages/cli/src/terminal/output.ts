import { classify, type ExitCode } from "@writ/api/client";
import { WritError } from "@writ/canon";
import { folded, printable } from "./printable.ts";

/** Where a command writes. With `--json` stdout carries exactly one document, errors included. */
export interface Output {
  readonly json: boolean;
  /** The command's one result: the document with `--json`, else the lines made from it. */
  result(document: unknown, lines: () => readonly string[]): void;
  /** A line for the person watching; never on stdout, so that pipes stay clean. */
  note(line: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result: (document, lines) => {
      if (json) process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
      else for (const line of lines()) process.stdout.write(`${folded(printable(line), process.stdout.columns)}\n`);
    },
    note: (line) => void process.stderr.write(`${printable(line)}\n`),
  };
}

/** Resolves when stdout has taken it; false once its reader has left or it cannot be written, which `main` says. */
export function toStdout(part: string | Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(part, (error) => resolve(error === null || error === undefined));
  });
}

/** Says what went wrong, why, and what to do; returns the exit code. */
export function reportFailure(error: unknown, json: boolean): ExitCode {
  if (!(error instanceof WritError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`writ: a fault of writ itself\n${text.split("\n").map(printable).join("\n")}\n`);
    if (json) process.stdout.write(`${JSON.stringify(FAULT, undefined, 2)}\n`);
    return 1;
  }
  const { code, message, reason, next, details } = error;
  const more = Object.keys(details).length > 0 && { details };
  if (json) process.stdout.write(`${JSON.stringify({ error: code, message, reason, next, ...more }, undefined, 2)}\n`);
  else {
    const [what, why, then] = [message, reason, next].map((text) => printable(shortened(text)));
    process.stderr.write(`writ: ${what ?? ""} [${code}]\n  why:  ${why ?? ""}\n  next: ${then ?? ""}\n`);
  }
  return classify(code).exit;
}

function shortened(text: string): string {
  return text.length <= TOLD_MAX ? text : `${text.slice(0, TOLD_MAX)}…`;
}

/** Characters of one answer on a terminal: what was given may be quoted in it, and be as long as arguments are. */
const TOLD_MAX = 2_000;

const FAULT = {
  error: "INTERNAL",
  message: "a fault of writ itself",
  reason: "it met something that it does not foresee; stderr says what",
  next: "run `writ doctor`, and report it with what stderr says",
};
