import type { JsonValue } from "@writ/canon";

import { invalidEntry } from "./ledger-error.ts";
import { ENTRY_KINDS } from "./port.ts";
import type { EntryKind } from "./port.ts";

/** Bounds of an entry (spec ledger.md §3). */
export const ENTRY_BYTES_MAX = 32_768;
export const ENTRY_DEPTH_MAX = 16;
/** Bytes of one private field. */
export const PRIVATE_BYTES_MAX = 16 * 1024 * 1024;
const REFS_MAX = 256;
const PRIVATE_FIELDS_MAX = 64;

const KINDS: ReadonlySet<string> = new Set(ENTRY_KINDS);
const EXTENSION_KIND = /^x\.[a-z0-9_]+(?:[.-][a-z0-9_]+)*$/;
const NAME = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,63}$/;
const COMMITMENT = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Prefix of the emitters that ledgers themselves are; no caller may pose as one. */
export const OWN_EMITTER_PREFIX = "ledger:";

type Members = { readonly [key: string]: unknown };

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `text` is one of the closed kinds, or `x.<name>` of at most 64 characters. */
export function isKind(text: unknown): text is EntryKind {
  return typeof text === "string" && (KINDS.has(text) || (text.length <= 64 && EXTENSION_KIND.test(text)));
}

export function isInstantText(text: unknown): text is string {
  return typeof text === "string" && INSTANT.test(text);
}

/** Refuses members that are not named: absence of a rule never means yes. */
export function requireOnly(what: string, value: unknown, allowed: ReadonlySet<string>): Members {
  if (!isMembers(value)) {
    throw invalidEntry(`${what} is not an object`, "its members are named");
  }
  for (const key of Object.keys(value)) {
    if (!allowed.has(key))
      throw invalidEntry(`${what} has an unknown member \`${key.slice(0, 64)}\``, "its members are a closed set");
  }
  return value;
}

function isText(value: unknown, max: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= max;
}

/** An opaque id or label: text of 1 to `max` UTF-16 units. */
export function requireText(what: string, value: unknown, max = 256): string {
  if (isText(value, max)) return value;
  throw invalidEntry(`${what} is not a text of 1 to ${max} characters`, "ids are opaque, present and bounded");
}

export function requireName(what: string, value: unknown): string {
  if (typeof value === "string" && NAME.test(value)) return value;
  throw invalidEntry(`${what} is not a name`, "names are 1 to 64 of a-z, A-Z, 0-9, `_`, `.`, `-`");
}

export function requireCount(what: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidEntry(`${what} is not a whole number from 0 to 2^53-1`, "counters are whole");
}

const WHO_KEYS = new Set(["tenant", "agent", "on_behalf_of", "approver"]);
const SRC_KEYS = new Set(["id", "n"]);
const REF_KEYS = new Set(["rel", "id"]);
const COMMITTED_KEYS = new Set(["c", "n", "type"]);

export function checkWho(value: unknown): void {
  const who = requireOnly("`who`", value, WHO_KEYS);
  requireText("`who.tenant`", who["tenant"]);
  for (const key of Object.keys(who)) if (!isText(who[key], 256)) requireText(`\`who.${key}\``, who[key]);
}

export function checkSrc(value: unknown): void {
  const src = requireOnly("`src`", value, SRC_KEYS);
  requireText("`src.id`", src["id"], 128);
  requireCount("`src.n`", src["n"]);
}

export function checkRefs(value: unknown): void {
  if (!Array.isArray(value) || value.length > REFS_MAX) {
    throw invalidEntry(`\`refs\` is not a list of at most ${REFS_MAX}`, "references are listed and bounded");
  }
  for (const item of value as readonly unknown[]) {
    const ref = requireOnly("a reference", item, REF_KEYS);
    requireName("`rel` of a reference", ref["rel"]);
    requireText("`id` of a reference", ref["id"]);
  }
}

/** The `private` map as it stands in an entry: commitment, length and media type for each field. */
export function checkCommitted(value: unknown): void {
  const fields = privateFields(value);
  for (const name of Object.keys(fields)) {
    const field = requireOnly(`private field \`${name}\``, fields[name], COMMITTED_KEYS);
    if (typeof field["c"] !== "string" || !COMMITMENT.test(field["c"])) {
      throw invalidEntry(`private field \`${name}\` has no commitment`, "`c` is 64 lower-case hexadecimal digits");
    }
    requireCount(`\`n\` of private field \`${name}\``, field["n"]);
    requireText(`\`type\` of private field \`${name}\``, field["type"], 127);
  }
}

/** The names of the private fields, checked; the values are the caller's to check. */
export function privateFields(value: unknown): Members {
  if (!isMembers(value)) {
    throw invalidEntry("`private` is not an object", "private fields have names");
  }
  const names = Object.keys(value);
  if (names.length > PRIVATE_FIELDS_MAX) {
    throw invalidEntry(`\`private\` has ${names.length} fields`, `at most ${PRIVATE_FIELDS_MAX} are allowed`);
  }
  for (const name of names) requireName("a private field's name", name);
  return value;
}

/** Refuses fractions, unsafe integers and depth over the bound; `depth` is that of `value` itself, the entry being 1. */
export function checkData(value: JsonValue | undefined, depth: number): void {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw invalidEntry(
      "`data` has a number that is not whole or beyond ±(2^53-1)",
      "money, scores and the like are texts",
    );
  }
  if (typeof value !== "object" || value === null) return;
  if (depth > ENTRY_DEPTH_MAX) {
    throw invalidEntry(`the entry is deeper than ${ENTRY_DEPTH_MAX}`, "depth is bounded for every reader");
  }
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) checkData(item, depth + 1);
    return;
  }
  for (const member of Object.values<JsonValue>(value)) checkData(member, depth + 1);
}
