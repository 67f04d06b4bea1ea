import { fromUtf8, toUtf8 } from "./encoding.ts";
import { malformed } from "./errors.ts";
import { clip, parseVerifierKey } from "./verifier-key.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** A list of trusted keys and the rule for witnesses (C2SP tlog-policy). */
export interface TrustPolicy {
  /** A checkpoint is signed by at least one of these, under its own origin. */
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly { readonly name: string; readonly key: VerifierKey }[];
  readonly quorum: Quorum;
}

/** `none`: no cosignature is asked for. */
export type Quorum =
  | { readonly kind: "none" }
  | { readonly kind: "witness"; readonly name: string; readonly key: VerifierKey }
  | { readonly kind: "group"; readonly name: string; readonly threshold: number; readonly members: readonly Quorum[] };

const POLICY_BYTES_MAX = 256 * 1024;
const LINES_OF_A_KIND_MAX = 1024;

/**
 * Reads a trust policy: C2SP tlog-policy text, or plain lines of verifier keys with `#` comments, where keys of type 1
 * are logs, keys of types 4 and 6 witnesses, and no cosignature is asked for. `POLICY_SYNTAX` or a `KEY_…` code.
 */
export function parsePolicy(input: string | Uint8Array): TrustPolicy {
  const bytes = typeof input === "string" ? toUtf8(input) : input;
  if (bytes.length > POLICY_BYTES_MAX) throw bad(0, `it has more than ${POLICY_BYTES_MAX} bytes`);
  const lines = splitLines(bytes);
  if (lines.length === 0) throw bad(0, "it names no key");
  const reader = new PolicyReader();
  const plain = lines.every(({ items }) => items.length === 1 && (items[0] ?? "").includes("+"));
  for (const { items, number } of lines) reader.read(plain ? plainLine(items[0] ?? "") : items, number);
  return reader.finish(plain);
}

/** True if the witnesses in `names` satisfy the rule. */
export function meetsQuorum(quorum: Quorum, cosigned: (key: VerifierKey) => boolean): boolean {
  if (quorum.kind === "none") return true;
  if (quorum.kind === "witness") return cosigned(quorum.key);
  return quorum.members.filter((member) => meetsQuorum(member, cosigned)).length >= quorum.threshold;
}

interface PolicyLine {
  readonly items: readonly string[];
  readonly number: number;
}

// Names are opaque octets: each byte becomes one character here, so that nothing about Unicode matters.
function splitLines(bytes: Uint8Array): PolicyLine[] {
  let text = "";
  for (const byte of bytes) {
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a) || byte === 0x7f) throw bad(0, "it holds a control character");
    text += String.fromCharCode(byte);
  }
  const lines = text
    .split("\n")
    .map((line, at) => ({ items: line.split(/[ \t]+/).filter((item) => item !== ""), number: at + 1 }));
  return lines.filter(({ items }) => items[0] !== undefined && !items[0].startsWith("#"));
}

function plainLine(text: string): readonly string[] {
  const { type, name } = keyOf(text);
  return type === 1 ? ["log", text] : ["witness", `${name} ${text}`, text];
}

function keyOf(octets: string): VerifierKey {
  return parseVerifierKey(fromUtf8(Uint8Array.from(octets, (unit) => unit.charCodeAt(0))));
}

class PolicyReader {
  readonly #logs = new Map<string, VerifierKey>();
  readonly #witnesses = new Map<string, { name: string; key: VerifierKey }>();
  readonly #named = new Map<string, Quorum>();
  readonly #members = new Set<string>();
  #quorum: Quorum | undefined;

  read(items: readonly string[], line: number): void {
    const [keyword, ...rest] = items;
    if (this.#logs.size + this.#named.size > LINES_OF_A_KIND_MAX) throw bad(line, `over ${LINES_OF_A_KIND_MAX} lines`);
    if (keyword === "log") this.#log(rest, line);
    else if (keyword === "witness") this.#witness(rest, line);
    else if (keyword === "group") this.#group(rest, line);
    else if (keyword === "quorum") this.#setQuorum(rest, line);
    else throw bad(line, `\`${clip(keyword ?? "")}\` is none of log, witness, group, quorum`);
  }

  finish(plain: boolean): TrustPolicy {
    const quorum = this.#quorum ?? (plain ? { kind: "none" as const } : undefined);
    if (quorum === undefined) throw bad(0, "it has no quorum line");
    return { logs: [...this.#logs.values()], witnesses: [...this.#witnesses.values()], quorum };
  }

  #log([text, url, ...more]: readonly string[], line: number): void {
    if (text === undefined || more.length > 0) throw bad(line, "a log line is `log <vkey> [<url>]`");
    void url;
    const key = keyOf(text);
    const label = key.publicKey.toString();
    if (this.#logs.has(label)) throw bad(line, "this log's key is listed twice");
    this.#logs.set(label, key);
  }

  #witness([name, text, url, ...more]: readonly string[], line: number): void {
    if (name === undefined || text === undefined || more.length > 0) {
      throw bad(line, "a witness line is `witness <name> <vkey> [<url>]`");
    }
    void url;
    const key = keyOf(text);
    if (key.type === 1) throw bad(line, "a witness key has signature type 4 or 6");
    const label = key.publicKey.toString();
    if (this.#witnesses.has(label)) throw bad(line, "this witness's key is listed twice");
    this.#witnesses.set(label, { name, key });
    this.#name(name, { kind: "witness", name, key }, line);
  }

  #group([name, count, ...names]: readonly string[], line: number): void {
    if (name === undefined || count === undefined || names.length === 0) {
      throw bad(line, "a group line is `group <name> <all|any|k> <member>...`");
    }
    const threshold = thresholdOf(count, names.length);
    if (threshold === undefined)
      throw bad(line, `\`${clip(count)}\` is not all, any or a number from 1 to ${names.length}`);
    const members = names.map((member) => {
      if (this.#members.has(member)) throw bad(line, `\`${clip(member)}\` is a member twice`);
      this.#members.add(member);
      return this.#find(member, line);
    });
    this.#name(name, { kind: "group", name, threshold, members }, line);
  }

  #setQuorum([name, ...more]: readonly string[], line: number): void {
    if (name === undefined || more.length > 0) throw bad(line, "a quorum line is `quorum <name>`");
    if (this.#quorum !== undefined) throw bad(line, "there are two quorum lines");
    this.#quorum = name === "none" ? { kind: "none" } : this.#find(name, line);
  }

  #name(name: string, meaning: Quorum, line: number): void {
    if (name === "none" || this.#named.has(name)) throw bad(line, `the name \`${clip(name)}\` is taken`);
    this.#named.set(name, meaning);
  }

  #find(name: string, line: number): Quorum {
    const found = this.#named.get(name);
    if (found === undefined) throw bad(line, `nothing before this line is called \`${clip(name)}\``);
    return found;
  }
}

function thresholdOf(text: string, members: number): number | undefined {
  if (text === "any") return 1;
  if (text === "all") return members;
  const count = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= members ? count : undefined;
}

function bad(line: number, reason: string): Error {
  const where = line === 0 ? "this" : `line \`${line}\``;
  return malformed("POLICY_SYNTAX", `${where} is not a trust policy`, reason, line);
}
