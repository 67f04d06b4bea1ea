import { canonicalize, formatInstant, isUuidv7, isWritError, parseInstant, parseJson } from "@writ/canon";
import type { JsonValue } from "@writ/canon";

import { commit } from "./commitment.ts";
import type { SaltPool } from "./commitment.ts";
import {
  checkCommitted,
  checkData,
  checkRefs,
  checkSrc,
  checkWho,
  ENTRY_BYTES_MAX,
  ENTRY_DEPTH_MAX,
  isInstantText,
  isKind,
  OWN_EMITTER_PREFIX,
  PRIVATE_BYTES_MAX,
  privateFields,
  requireOnly,
  requireText,
} from "./entry-rules.ts";
import { invalidEntry, tooLarge } from "./ledger-error.ts";
import type { Entry, NewEntry, PrivateContent } from "./port.ts";

/** A private field as it goes to its own table. */
export interface PreparedPrivate {
  readonly field: string;
  readonly salt: Uint8Array;
  readonly content: Uint8Array;
  readonly subject: string | undefined;
}

/** An entry checked and in canonical form but for its emitter, which the writer may have to assign. */
export interface PreparedEntry {
  readonly id: string;
  readonly idBytes: Uint8Array;
  readonly at: string;
  /** Absent: the ledger's own emitter. */
  readonly src: { readonly id: string; readonly n: number } | undefined;
  /** Canonical text before and behind the value of `src`. */
  readonly before: string;
  readonly behind: string;
  readonly privates: readonly PreparedPrivate[];
  /** Bytes of the entry and its private content: what it weighs in the queue. */
  readonly bytes: number;
  /** As given, to compare with an entry that already has this id. */
  readonly given: NewEntry;
}

const NEW_KEYS = new Set(["id", "kind", "at", "src", "run", "who", "refs", "data", "private"]);
const ENTRY_KEYS = new Set(["v", ...NEW_KEYS]);
const PRIVATE_KEYS = new Set(["content", "type", "subject"]);
/** Longest text of `src` that the ledger assigns: its emitter's id and a 16-digit counter. */
const OWN_SRC_BYTES_MAX = 96;

/**
 * Checks an entry by the rules of spec ledger.md §3 and renders it, all on the caller's side of the queue.
 * Throws `ENTRY_INVALID` or `ENTRY_TOO_LARGE`.
 */
export function prepareEntry(entry: NewEntry, now: () => number, salts: SaltPool): PreparedEntry {
  try {
    requireOnly("the entry", entry, NEW_KEYS);
    checkNew(entry);
    return prepareChecked(entry, entry.at ?? instantText(now()), salts);
  } catch (error) {
    throw asInvalid(error);
  }
}

/** The stored text of a prepared entry: canonical JSON (RFC 8785). */
export function renderEntry(entry: PreparedEntry, src: { readonly id: string; readonly n: number }): string {
  return entry.before + renderSrc(src) + entry.behind;
}

/**
 * Reads an entry strictly: well-formed, closed members, bounds, and exactly the canonical bytes.
 * Throws `ENTRY_INVALID` or `ENTRY_TOO_LARGE`.
 */
export function parseEntry(bytes: Uint8Array): Entry {
  if (bytes.length > ENTRY_BYTES_MAX) throw tooLarge("the entry", bytes.length, ENTRY_BYTES_MAX);
  try {
    const value = parseJson(bytes, { maxBytes: ENTRY_BYTES_MAX, maxDepth: ENTRY_DEPTH_MAX });
    const entry = checkEntry(value);
    if (canonicalize(value) !== Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")) {
      throw invalidEntry("the entry is not in canonical form", "entries are stored as RFC 8785 writes them");
    }
    return entry;
  } catch (error) {
    throw asInvalid(error);
  }
}

/** Reads an entry of our own database: shapes and bounds, but not the canonical form, which `verify` checks. */
export function readEntry(bytes: Uint8Array): Entry {
  try {
    return checkEntry(parseJson(bytes, { maxBytes: ENTRY_BYTES_MAX, maxDepth: ENTRY_DEPTH_MAX }));
  } catch (error) {
    throw asInvalid(error);
  }
}

function prepareChecked(entry: NewEntry, at: string, salts: SaltPool): PreparedEntry {
  const privates = entry.private === undefined ? [] : preparePrivate(entry.private, salts);
  const before =
    `{"at":"${at}","data":${canonicalize(entry.data)},"id":"${entry.id}","kind":"${entry.kind}"` +
    (entry.private === undefined ? "" : `,"private":${canonicalize(committed(entry.private, privates))}`) +
    (entry.refs === undefined ? "" : `,"refs":${canonicalize(entry.refs.map((ref) => ({ ...ref })))}`) +
    (entry.run === undefined ? "" : `,"run":${canonicalize(entry.run)}`) +
    `,"src":`;
  const behind = `,"v":1,"who":${canonicalize({ ...entry.who })}}`;
  const src = entry.src === undefined ? OWN_SRC_BYTES_MAX : Buffer.byteLength(renderSrc(entry.src));
  const bytes = Buffer.byteLength(before) + Buffer.byteLength(behind) + src;
  if (bytes > ENTRY_BYTES_MAX) throw tooLarge("the entry", bytes, ENTRY_BYTES_MAX);
  const weight = privates.reduce((sum, one) => sum + one.content.length, bytes);
  const idBytes = uuidBytes(entry.id);
  return { id: entry.id, idBytes, at, src: entry.src, before, behind, privates, bytes: weight, given: entry };
}

/** The last instant as text: thousands of entries share a millisecond. */
const LAST_INSTANT = { ms: Number.NaN, text: "" };

function instantText(ms: number): string {
  if (LAST_INSTANT.ms !== ms) Object.assign(LAST_INSTANT, { ms, text: formatInstant(ms) });
  return LAST_INSTANT.text;
}

/** Where the 16 bytes of a UUID begin in its text. */
const UUID_OFFSETS: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Precondition: `id` was checked to be a UUID in lower case. */
function uuidBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i++) {
    const at = UUID_OFFSETS[i] ?? 0;
    bytes[i] = hexDigit(id.charCodeAt(at)) * 16 + hexDigit(id.charCodeAt(at + 1));
  }
  return bytes;
}

function hexDigit(unit: number): number {
  return unit < 58 ? unit - 48 : unit - 87;
}

function checkNew(entry: NewEntry): void {
  checkId(entry.id);
  if (!isKind(entry.kind))
    throw invalidEntry("the entry's kind is unknown", "kinds are a closed set; others are `x.<name>`");
  if (entry.at !== undefined) checkAt(entry.at);
  if (entry.src !== undefined) {
    checkSrc(entry.src);
    if (entry.src.id.startsWith(OWN_EMITTER_PREFIX)) {
      throw invalidEntry(
        "`src.id` is one of the ledger's own",
        `emitters named \`${OWN_EMITTER_PREFIX}…\` are the ledger's`,
      );
    }
  }
  if (entry.run !== undefined) requireText("`run`", entry.run);
  checkWho(entry.who);
  if (entry.refs !== undefined) checkRefs(entry.refs);
  checkDataObject(entry.data);
}

function checkDataObject(data: unknown): void {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw invalidEntry("`data` is not an object", "facts have names");
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is not JSON, `canonicalize` refuses
  checkData(data as JsonValue, 2);
}

function checkId(id: unknown): void {
  if (typeof id !== "string" || !isUuidv7(id)) {
    throw invalidEntry("the entry's id is not a UUIDv7 in lower case", "the id is the retry key");
  }
}

function checkAt(at: unknown): void {
  if (!isInstantText(at)) throw invalidEntry("`at` is not an instant", "the form is `YYYY-MM-DDTHH:MM:SS.mmmZ`");
  parseInstant(at);
}

function preparePrivate(fields: { readonly [field: string]: PrivateContent }, salts: SaltPool): PreparedPrivate[] {
  const checked = privateFields(fields);
  return Object.keys(checked).map((field) => {
    const given = requireOnly(`private field \`${field}\``, checked[field], PRIVATE_KEYS);
    const content = given["content"];
    if (!(content instanceof Uint8Array))
      throw invalidEntry(`private field \`${field}\` has no bytes`, "content is bytes");
    if (content.length > PRIVATE_BYTES_MAX)
      throw tooLarge(`private field \`${field}\``, content.length, PRIVATE_BYTES_MAX);
    requireText(`\`type\` of private field \`${field}\``, given["type"], 127);
    const subject = given["subject"];
    return {
      field,
      salt: salts.take(),
      // The caller's buffer may change before the commit; what was committed to must be what is stored.
      content: Uint8Array.from(content),
      subject: subject === undefined ? undefined : requireText(`\`subject\` of private field \`${field}\``, subject),
    };
  });
}

function committed(
  fields: { readonly [field: string]: PrivateContent },
  privates: readonly PreparedPrivate[],
): JsonValue {
  return Object.fromEntries(
    privates.map(({ field, salt, content }) => [
      field,
      { c: commit(salt, content), n: content.length, type: fields[field]?.type ?? "" },
    ]),
  );
}

function renderSrc(src: { readonly id: string; readonly n: number }): string {
  return `{"id":${canonicalize(src.id)},"n":${src.n}}`;
}

function checkEntry(value: JsonValue): Entry {
  const entry = requireOnly("the entry", value, ENTRY_KEYS);
  if (entry["v"] !== 1) throw invalidEntry("the entry's version is not 1", "other versions are for other readers");
  checkId(entry["id"]);
  if (!isKind(entry["kind"]))
    throw invalidEntry("the entry's kind is unknown", "kinds are a closed set; others are `x.<name>`");
  checkAt(entry["at"]);
  checkSrc(entry["src"]);
  if (entry["run"] !== undefined) requireText("`run`", entry["run"]);
  checkWho(entry["who"]);
  if (entry["refs"] !== undefined) checkRefs(entry["refs"]);
  checkDataObject(entry["data"]);
  if (entry["private"] !== undefined) checkCommitted(entry["private"]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member was checked above
  return value as unknown as Entry;
}

/** What the strict reader and writer of `canon` refuse is an invalid entry here. */
function asInvalid(error: unknown): unknown {
  if (!isWritError(error) || error.code === "ENTRY_INVALID" || error.code === "ENTRY_TOO_LARGE") return error;
  return invalidEntry(`the entry cannot be written or read: ${error.message}`, error.reason);
}
