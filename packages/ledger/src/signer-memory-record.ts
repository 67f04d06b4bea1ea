import { fromBase64, isWritError, sha256Hex, toBase64 } from "@writ/canon";

import type { Head } from "./port.ts";

/** One writing of the memory. `sequence` counts writings; the greatest that is whole is the truth. */
export interface MemoryRecord {
  readonly sequence: number;
  readonly head: Head | undefined;
}

/** Records alternate between two slots of one disk sector each, so a torn write leaves the one before it. */
export const SLOT_BYTES = 512;
const SCHEMA = "writ.signer-memory.v1";
const UNSIGNED = "-";

/** `writ.signer-memory.v1 <sequence> <size> <root> <digest>` and a newline, filled up with spaces. */
export function formatMemoryRecord({ sequence, head }: MemoryRecord): Buffer {
  const size = head === undefined ? UNSIGNED : String(head.size);
  const root = head === undefined ? UNSIGNED : toBase64(head.root);
  const facts = `${SCHEMA} ${sequence} ${size} ${root}`;
  return Buffer.from(`${facts} ${sha256Hex(facts)}`.padEnd(SLOT_BYTES - 1) + "\n", "latin1");
}

/** The newest whole record of a memory file; `undefined` when there is none. */
export function newestMemoryRecord(file: Uint8Array): MemoryRecord | undefined {
  const first = parseSlot(file.subarray(0, SLOT_BYTES));
  const second = parseSlot(file.subarray(SLOT_BYTES, 2 * SLOT_BYTES));
  if (first === undefined || second === undefined) return first ?? second;
  return first.sequence > second.sequence ? first : second;
}

/** Where a record with this sequence is written. */
export function slotOffset(sequence: number): number {
  return (sequence % 2) * SLOT_BYTES;
}

function parseSlot(slot: Uint8Array): MemoryRecord | undefined {
  const line = Buffer.from(slot).toString("latin1").trimEnd();
  const [schema, sequence = "", size = "", root = "", digest, ...rest] = line.split(" ");
  const facts = `${SCHEMA} ${sequence} ${size} ${root}`;
  if (schema !== SCHEMA || rest.length > 0 || digest !== sha256Hex(facts)) return undefined;
  const counted = countOf(sequence);
  if (counted === undefined) return undefined;
  if (size === UNSIGNED && root === UNSIGNED) return { sequence: counted, head: undefined };
  const head = headOf(size, root);
  return head === undefined ? undefined : { sequence: counted, head };
}

function headOf(size: string, root: string): Head | undefined {
  const entries = countOf(size);
  try {
    const bytes = fromBase64(root);
    return entries === undefined || bytes.length !== 32 ? undefined : { size: entries, root: bytes };
  } catch (error) {
    if (isWritError(error)) return undefined;
    throw error;
  }
}

function countOf(text: string): number | undefined {
  const count = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(count) ? count : undefined;
}
