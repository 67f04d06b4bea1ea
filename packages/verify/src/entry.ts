import { parseCanonical } from "./canonical.ts";
import { toUtf8 } from "./encoding.ts";
import { malformed } from "./errors.ts";
import { isJsonObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";

/** Limits of spec ledger.md §3. */
export const ENTRY_BYTES_MAX = 32_768;
export const ENTRY_DEPTH_MAX = 16;
const PRIVATE_BYTES_MAX = 2 ** 53 - 1;

const KINDS: ReadonlySet<string> = new Set([
  "policy.decision",
  "ticket.issued",
  "ticket.spent",
  "approval.requested",
  "approval.given",
  "approval.refused",
  "execution.intent",
  "execution.receipt",
  "message.sent",
  "message.received",
  "run.opened",
  "run.closed",
  "policy.changed",
  "erasure",
  "key.added",
  "key.retired",
  "ledger.opened",
  "ledger.sealed",
  "attestation.issued",
  "incident",
]);
const FIELDS: ReadonlySet<string> = new Set(["v", "id", "kind", "at", "src", "run", "who", "refs", "data", "private"]);
const WHO_MEMBERS: ReadonlySet<string> = new Set(["tenant", "agent", "on_behalf_of", "approver"]);
const UUIDV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export interface Commitment {
  /** SHA-256 as lower-case hex. */
  readonly c: string;
  /** Length of the content in bytes. */
  readonly n: number;
  readonly type: string;
}

/** One record of the log (spec ledger.md §3). */
export interface Entry {
  readonly id: string;
  readonly kind: string;
  /** The writer's clock, UTC with milliseconds. */
  readonly at: string;
  readonly src: { readonly id: string; readonly n: number };
  readonly run: string | undefined;
  readonly tenant: string | undefined;
  readonly refs: readonly { readonly rel: string; readonly id: string }[];
  readonly data: JsonObject;
  readonly private: ReadonlyMap<string, Commitment>;
}

/**
 * Reads an entry and checks its form: canonical, at most 32,768 bytes and 16 levels, whole numbers, known fields.
 * `ENTRY_SYNTAX`, `NOT_CANONICAL` or a `JSON_…` code.
 */
export function parseEntry(text: string): Entry {
  if (text.length > ENTRY_BYTES_MAX || toUtf8(text).length > ENTRY_BYTES_MAX)
    throw bad("it has more than 32,768 bytes");
  const value = parseCanonical(text, { maxLength: ENTRY_BYTES_MAX, maxDepth: ENTRY_DEPTH_MAX });
  if (!isJsonObject(value)) throw bad("it is not an object");
  requireWholeNumbers(value);
  return readEntry(value);
}

/** Checks the fields of an entry that is known to be canonical. */
export function readEntry(value: JsonObject): Entry {
  for (const field of Object.keys(value)) if (!FIELDS.has(field)) throw bad("it has a field that is not known");
  const { v, id, kind, at, run, who, data = {} } = value;
  if (v !== 1) throw bad("`v` is not 1");
  if (typeof id !== "string" || !UUIDV7.test(id)) throw bad("`id` is not a UUIDv7 in lower case");
  if (typeof kind !== "string" || !isKind(kind)) throw bad("`kind` is not known");
  if (typeof at !== "string" || !isInstant(at)) throw bad("`at` is not a UTC instant with milliseconds");
  if (run !== undefined && typeof run !== "string") throw bad("`run` is not a string");
  if (!isJsonObject(data)) throw bad("`data` is not an object");
  const src = readSource(value["src"]);
  return {
    id,
    kind,
    at,
    src,
    run,
    tenant: readTenant(who),
    refs: readRefs(value["refs"]),
    data,
    private: readPrivate(value["private"]),
  };
}

function readTenant(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw bad("`who` is not an object");
  let tenant: string | undefined;
  for (const [member, id] of Object.entries(value)) {
    if (!WHO_MEMBERS.has(member)) throw bad("`who` has a member that is not known");
    if (typeof id !== "string") throw bad("a member of `who` is not a string");
    if (member === "tenant") tenant = id;
  }
  return tenant;
}

function readSource(value: Json | undefined): Entry["src"] {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) throw bad("`src` is not `{id, n}`");
  const { id, n } = value;
  if (typeof id !== "string" || typeof n !== "number" || n < 0) throw bad("`src` is not `{id, n}`");
  return { id, n };
}

const NO_REFS: Entry["refs"] = [];
function readRefs(value: Json | undefined): Entry["refs"] {
  if (value === undefined) return NO_REFS;
  if (!Array.isArray(value)) throw bad("`refs` is not a list");
  return (value as readonly Json[]).map((item) => {
    if (!isJsonObject(item) || Object.keys(item).length !== 2) throw bad("a reference is not `{rel, id}`");
    const { rel, id } = item;
    if (typeof rel !== "string" || typeof id !== "string") throw bad("a reference is not `{rel, id}`");
    return { rel, id };
  });
}

const NO_FIELDS: Entry["private"] = new Map();
function readPrivate(value: Json | undefined): Entry["private"] {
  if (value === undefined) return NO_FIELDS;
  if (!isJsonObject(value)) throw bad("`private` is not an object");
  const fields = new Map<string, Commitment>();
  for (const [field, item] of Object.entries(value)) {
    if (!isJsonObject(item) || Object.keys(item).length !== 3) throw bad("a private field is not `{c, n, type}`");
    const { c, n, type } = item;
    if (typeof c !== "string" || !/^[0-9a-f]{64}$/.test(c)) throw bad("a commitment is not 64 hex digits");
    if (typeof n !== "number" || n < 0 || n > PRIVATE_BYTES_MAX) throw bad("a private length is no length");
    if (typeof type !== "string") throw bad("a private type is not a string");
    fields.set(field, { c, n, type });
  }
  return fields;
}

/** The 16 bytes of an entry's id. */
export function uuidBytes(id: string): Uint8Array {
  const digits = id.replaceAll("-", "");
  const bytes = new Uint8Array(16);
  for (let at = 0; at < 16; at += 1) bytes[at] = Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** A kind of the closed set, or `x.<name>`. */
export function isKind(kind: string): boolean {
  return KINDS.has(kind) || (kind.length <= 128 && /^x\.[a-z0-9_]+(?:[.-][a-z0-9_]+)*$/.test(kind));
}

function isInstant(text: string): boolean {
  if (!INSTANT.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}

function requireWholeNumbers(value: Json): void {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw bad("a number is not whole, or over 2^53 − 1");
  if (typeof value === "object" && value !== null) for (const item of Object.values(value)) requireWholeNumbers(item);
}

function bad(reason: string): Error {
  return malformed("ENTRY_SYNTAX", `this is not an entry: ${reason}`, "spec ledger.md §3");
}
