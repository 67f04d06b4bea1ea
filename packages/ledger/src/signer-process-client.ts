import { basename, dirname, join } from "node:path";

import { isWritError, type JsonValue } from "@writ/canon";

import type { HeadSigner } from "./head-signer.ts";
import { assertSocketFolder } from "./key-file-safety.ts";
import { protocolError } from "./signer-process-frame.ts";
import { SignerLink, unreachable } from "./signer-process-link.ts";
import { parseHead } from "./signer-process-message.ts";
import { sameHead } from "./signer-memory.ts";
import { readHead } from "./signer.ts";
import { parseVkey, type VerifierKey } from "./vkey.ts";

/** A signer in another process. */
export interface RemoteSigner extends HeadSigner {
  readonly verifiers: readonly VerifierKey[];
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Longest wait for an answer; 10 s unless said. */
  readonly timeoutMs?: number;
  /** The keys the signer must have, where they are known; else what it says at the first connection counts. */
  readonly keys?: readonly VerifierKey[];
}

const TIMEOUT_MS = 10_000;

/**
 * Connects to `writ signer`. Every note it sends is checked before it is handed on. Throws `KEY_UNSAFE` when others
 * could have put the socket there, `SIGNER_UNREACHABLE` when nobody answers, `SIGNER_PROTOCOL` for nonsense.
 */
export async function connectSigner(socketPath: string, options: ConnectOptions = {}): Promise<RemoteSigner> {
  const folder = socketFolder(socketPath);
  const link = new SignerLink(join(folder, basename(socketPath)), options.timeoutMs ?? TIMEOUT_MS);
  try {
    const { origin, verifiers } = introduction(await link.ask({ op: "hello" }));
    return remoteSigner(link, origin, options.keys ?? verifiers);
  } catch (error) {
    link.close();
    throw error;
  }
}

function socketFolder(socketPath: string): string {
  try {
    return assertSocketFolder(dirname(socketPath), false).path;
  } catch (error) {
    if (isWritError(error, "KEY_MISSING")) throw unreachable(socketPath, "its folder is not there", error);
    throw error;
  }
}

function remoteSigner(link: SignerLink, origin: string, verifiers: readonly VerifierKey[]): RemoteSigner {
  return {
    name: origin,
    verifiers,
    async sign(head) {
      const { note } = await link.ask({ op: "sign", head });
      if (typeof note !== "string" || !sameHead(readHead(note, origin, verifiers), head)) {
        throw protocolError("a note that is not the head it was asked to sign");
      }
      return note;
    },
    read: (note) => readHead(note, origin, verifiers),
    async state() {
      const { head } = await link.ask({ op: "state" });
      if (head === null) return undefined;
      const last = parseHead(head);
      if (last === undefined) throw protocolError("a state of unknown form");
      return last;
    },
    async flush() {
      const { flushed } = await link.ask({ op: "flush" });
      if (flushed !== true) throw protocolError("an answer of unknown form");
    },
    close: () => Promise.resolve(link.close()),
  };
}

function introduction(fields: { readonly [key: string]: JsonValue }): { origin: string; verifiers: VerifierKey[] } {
  const { origin, vkeys } = fields;
  if (typeof origin !== "string" || !Array.isArray(vkeys) || vkeys.length === 0) throw protocolError("no introduction");
  const verifiers = vkeys.map(verifierOf);
  if (verifiers.some((key) => key.name !== origin)) throw protocolError("keys of another log");
  return { origin, verifiers };
}

function verifierOf(value: JsonValue): VerifierKey {
  if (typeof value !== "string") throw protocolError("a key that is not text");
  try {
    return parseVkey(value);
  } catch (error) {
    throw isWritError(error) ? protocolError("a malformed key", error) : error;
  }
}
