import { runVerify } from "@writ/verify/node";

/** `writ verify …`: the stand-alone verifier, unchanged. */
export function verify(args: readonly string[]): Promise<number> {
  return runVerify(args, {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    now: Date.now,
    ...(process.stderr.isTTY && { progress: (text: string) => void process.stderr.write(text) }),
  });
}
