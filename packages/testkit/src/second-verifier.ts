import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

import { describe } from "vitest";

import { skipOutsideCi } from "./skip.ts";

const FOLDER = resolve(import.meta.dirname, "../../../second-verifier");

/** What the second verifier is asked (second-verifier/writ_verifier/questions.py); bytes in base64. */
export type Question = { readonly kind: string; readonly [member: string]: unknown };

export interface Answer {
  readonly exit_code?: number;
  readonly accepted?: boolean;
  readonly findings?: readonly (readonly [aspect: string, what: string])[];
}

export interface SecondVerifier {
  ask(question: Question): Promise<Answer>;
  close(): void;
}

/** Starts the verifier in Python; it answers in the order of the questions. */
export function startSecondVerifier(): SecondVerifier {
  const child = spawn("python3", ["-B", "-m", "writ_verifier", "--answer"], {
    cwd: FOLDER,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting: PromiseWithResolvers<Answer>[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    waiting.shift()?.resolve(JSON.parse(line) as Answer);
  });
  child.once("exit", (code) => {
    for (const { reject } of waiting) reject(new Error(`the second verifier ended with ${String(code)}`));
  });
  return {
    ask: (question) => {
      const answer = Promise.withResolvers<Answer>();
      waiting.push(answer);
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return answer.promise;
    },
    close: () => {
      child.stdin.end();
    },
  };
}

/** Runs `define` in a `describe`, or skips it and prints why where there is no Python. CI must have one. */
export function describeWithSecondVerifier(name: string, define: () => void): void {
  if (spawnSync("python3", ["--version"], { stdio: "ignore" }).status === 0) {
    describe(name, define);
    return;
  }
  skipOutsideCi(name, "no python3 is installed");
  describe.skip(name, () => {});
}
