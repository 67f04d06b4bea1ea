import { checkpointNote, commit, entryText, signerOf } from "./log-maker.ts";
import type { Opening } from "./log-maker.ts";
import { parsePolicy } from "../../src/index.ts";

export const log = signerOf("acme.example/writ/test", 7);
export const otherLog = signerOf("other.example/writ/test", 8);
export const witness = signerOf("witness.example/w1", 9, 4);
export const policy = parsePolicy(`log ${log.vkey}\nwitness w1 ${witness.vkey}\nquorum w1\n`);
export const logOnly = parsePolicy(`log ${log.vkey}\nquorum none\n`);
export const RUN = "run-1";
export const TIME = 1_767_229_200;

/** A log of `size` entries: a run from index 2 on, with its opening at 3 and, at the end, its `run.closed`. */
export function sampleEntries(size: number): { entries: string[]; openings: Map<number, Opening[]> } {
  const entries: string[] = [];
  const openings = new Map<number, Opening[]>();
  for (let n = 0; n < size; n += 1) {
    const inRun =
      n >= 2 && n < size - 1 ? { run: RUN, emitter: "agent-7", counter: n - 2 } : { counter: Math.min(n, 2) };
    if (n === 3) {
      const { salt, content, ...rest } = commit("what the agent said", "three");
      openings.set(n, [{ field: "text", salt, content }]);
      entries.push(entryText({ n, ...inRun, privateFields: { text: { ...rest, type: "text/plain" } } }));
    } else if (n === size - 2 && n > 4) {
      const data = { emitters: [{ entries: n - 2, id: "agent-7" }] };
      entries.push(entryText({ n, ...inRun, kind: "run.closed", data }));
    } else entries.push(entryText({ n, ...inRun }));
  }
  return { entries, openings };
}

export function noteOf(entries: readonly string[]): string {
  return checkpointNote(entries, log, [{ signer: witness, time: TIME }]);
}
