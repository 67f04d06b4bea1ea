import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";

/**
 * A slow, obvious writer of logs for vectors and tests: the tree by its recursive definition (RFC 6962 §2.1), every
 * value made from text, no code of the product.
 */
export const sha256 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
export const leafOf = (text: string): Buffer => sha256(Buffer.of(0), text);
export const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

/** MTH of RFC 6962 §2.1. */
export function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return Buffer.from(leaves[0] ?? []);
  const split = splitOf(leaves.length);
  return nodeOf(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

/** PATH of RFC 6962 §2.1.1. */
export function naivePath(index: number, leaves: readonly Uint8Array[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  if (index < split) return [...naivePath(index, leaves.slice(0, split)), naiveRoot(leaves.slice(split))];
  return [...naivePath(index - split, leaves.slice(split)), naiveRoot(leaves.slice(0, split))];
}

/** PROOF of RFC 6962 §2.1.2, for 0 < size <= leaves.length. */
export function naiveConsistency(size: number, leaves: readonly Uint8Array[], whole = true): Buffer[] {
  if (size === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const split = splitOf(leaves.length);
  if (size <= split) {
    return [...naiveConsistency(size, leaves.slice(0, split), whole), naiveRoot(leaves.slice(split))];
  }
  return [...naiveConsistency(size - split, leaves.slice(split), false), naiveRoot(leaves.slice(0, split))];
}

function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Roots of the aligned complete subtrees that cover [from, to) from left to right. */
export function cover(from: number, to: number, leaves: readonly Uint8Array[]): Buffer[] {
  const roots: Buffer[] = [];
  for (let at = from; at < to;) {
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= to) width *= 2;
    roots.push(naiveRoot(leaves.slice(at, at + width)));
    at += width;
  }
  return roots;
}

export interface Signer {
  readonly name: string;
  readonly vkey: string;
  readonly raw: Buffer;
  sign(text: string): Buffer;
  /** One signature line; with `time` a cosignature (type 0x04), without it a plain note signature (type 0x01). */
  line(text: string, time?: number): string;
}

/** A signer made from a 32-byte seed. `type` is the note signature type of its verifier key. */
export function signerOf(name: string, seedByte: number, type: 1 | 4 = 1): Signer {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, seedByte)]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  const id = sha256(`${name}\n`, Buffer.of(type), raw).subarray(0, 4);
  const signText = (text: string): Buffer => sign(null, Buffer.from(text), key);
  return {
    name,
    raw,
    vkey: `${name}+${id.toString("hex")}+${Buffer.concat([Buffer.of(type), raw]).toString("base64")}`,
    sign: signText,
    line(text, time) {
      if (time === undefined) return `— ${name} ${Buffer.concat([id, signText(text)]).toString("base64")}\n`;
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(BigInt(time));
      const signature = signText(`cosignature/v1\ntime ${time}\n${text}`);
      return `— ${name} ${Buffer.concat([id, stamp, signature]).toString("base64")}\n`;
    },
  };
}

/** Canonical JSON of plain values whose keys are ASCII and whose numbers are integers. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`).join(",")}}`;
}

/** A UUIDv7 that is a function of `n` alone. */
export function idOf(n: number): string {
  const digits = sha256(`id ${n}`).toString("hex");
  const time = (1767225600000 + n).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits.slice(0, 3)}-a${digits.slice(3, 6)}-${digits.slice(6, 18)}`;
}

export interface EntryParts {
  readonly n: number;
  readonly emitter?: string;
  readonly counter?: number;
  readonly kind?: string;
  readonly run?: string;
  readonly data?: unknown;
  readonly refs?: readonly { rel: string; id: string }[];
  readonly privateFields?: Record<string, { c: string; n: number; type: string }>;
}

/** The text of an entry as the ledger stores it (spec ledger.md §3). */
export function entryText(parts: EntryParts): string {
  return canonicalText({
    v: 1,
    id: idOf(parts.n),
    kind: parts.kind ?? "x.note",
    at: new Date(1767225600000 + parts.n * 1000).toISOString(),
    src: { id: parts.emitter ?? "emitter-a", n: parts.counter ?? parts.n },
    run: parts.run,
    who: { agent: "agent-1", tenant: "local" },
    refs: parts.refs ?? [],
    data: parts.data ?? { tool: "shell", outcome: "allow" },
    private: parts.privateFields,
  });
}

/** Salt, commitment and length of one private field (spec ledger.md §9). */
export function commit(content: string, seed: string): { salt: Buffer; content: Buffer; c: string; n: number } {
  const salt = sha256(`salt ${seed}`);
  const bytes = Buffer.from(content);
  return { salt, content: bytes, c: sha256("writ.commit.v1\n", salt, bytes).toString("hex"), n: bytes.length };
}

export function checkpointText(origin: string, size: number, root: Uint8Array): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}

/** A signed checkpoint over `entries`. Witness lines carry the time they are given. */
export function checkpointNote(
  entries: readonly string[],
  log: Signer,
  witnesses: readonly { signer: Signer; time: number }[] = [],
): string {
  const text = checkpointText(log.name, entries.length, naiveRoot(entries.map(leafOf)));
  return `${text}\n${log.line(text)}${witnesses.map((one) => one.signer.line(text, one.time)).join("")}`;
}

export interface Opening {
  readonly field: string;
  readonly salt: Uint8Array;
  readonly content: Uint8Array;
}
export interface BundleParts {
  readonly entries: readonly string[];
  readonly note: string;
  readonly origin: string;
  readonly scope: unknown;
  /** Each a stretch [from, to) under one range line, or one index with its own proof. */
  readonly parts: readonly ({ from: number; to: number } | number)[];
  readonly openings?: ReadonlyMap<number, readonly Opening[]>;
  readonly consistency?: readonly number[];
  readonly attestations?: readonly unknown[];
}

const text64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** The lines of a bundle before its last one, each without its newline. */
export function bundleLines(bundle: BundleParts): string[] {
  const { entries, note, origin, scope } = bundle;
  const leaves = entries.map(leafOf);
  const lines: unknown[] = [{ kind: "writ.bundle", v: 1, origin, checkpoint: note, scope }];
  for (const size of bundle.consistency ?? []) {
    lines.push({ consistency: { proof: naiveConsistency(size, leaves).map(text64), size } });
  }
  const addOpenings = (index: number): void => {
    for (const { field, salt, content } of bundle.openings?.get(index) ?? []) {
      lines.push({ open: { content: text64(content), field, index, salt: text64(salt) } });
    }
  };
  for (const part of bundle.parts) {
    if (typeof part === "number") {
      lines.push({ entry: entries[part], index: part, proof: naivePath(part, leaves).map(text64) });
      addOpenings(part);
      continue;
    }
    const left = cover(0, part.from, leaves).map(text64);
    const right = cover(part.to, entries.length, leaves).map(text64);
    lines.push({ range: { from: part.from, left, right, to: part.to } });
    for (let index = part.from; index < part.to; index += 1) {
      lines.push({ entry: entries[index], index });
      addOpenings(index);
    }
  }
  for (const attestation of bundle.attestations ?? []) lines.push({ attestation });
  return lines.map(canonicalText);
}

/** Joins lines and adds the last one, which counts and digests them. */
export function sealLines(lines: readonly string[]): string {
  const body = lines.map((line) => `${line}\n`).join("");
  return `${body}${canonicalText({ end: { lines: lines.length, sha256: sha256(body).toString("hex") } })}\n`;
}
