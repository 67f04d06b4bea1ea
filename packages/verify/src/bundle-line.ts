import { compareCodeUnits, parseCanonical } from "./canonical.ts";
import { fromBase64, fromUtf8, hashFromBase64 } from "./encoding.ts";
import { malformed } from "./errors.ts";
import { PROOF_HASHES_MAX } from "./inclusion-proof.ts";
import { isJsonObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { LINE_BYTES_MAX } from "./lines.ts";

/** What a bundle is about (docs/reference/bundle.md). */
export type BundleScope =
  | { readonly kind: "run"; readonly run: string }
  | { readonly kind: "tenant"; readonly tenant: string }
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "entries"; readonly indexes: readonly number[] };

export type BundleLine =
  | { readonly type: "header"; readonly origin: string; readonly checkpoint: string; readonly scope: BundleScope }
  | { readonly type: "consistency"; readonly size: number; readonly proof: readonly Uint8Array[] }
  | {
      readonly type: "range";
      readonly from: number;
      readonly to: number;
      readonly left: readonly Uint8Array[];
      readonly right: readonly Uint8Array[];
    }
  | { readonly type: "entry"; readonly text: string; readonly index: number; readonly proof?: readonly Uint8Array[] }
  | {
      readonly type: "open";
      readonly index: number;
      readonly field: string;
      readonly salt: Uint8Array;
      readonly content: Uint8Array;
    }
  | { readonly type: "attestation"; readonly envelope: JsonObject }
  | { readonly type: "end"; readonly lines: number; readonly sha256: string };

const SCOPE_ENTRIES_MAX = 65_536;
/** Enough for the roots on either side of a stretch in a tree of 2^53 leaves. */
const BOUNDARY_HASHES_MAX = 108;

/** Reads one line of a bundle, without its newline. `BUNDLE_SYNTAX`, or the code of the part that is wrong. */
export function parseBundleLine(bytes: Uint8Array): BundleLine {
  const value = parseCanonical(fromUtf8(bytes), { maxLength: LINE_BYTES_MAX, maxDepth: 32 });
  if (!isJsonObject(value)) throw bad("it is not an object");
  if ("kind" in value) return header(value);
  if ("entry" in value) return entry(value);
  const [name = ""] = Object.keys(value);
  const part = value[name];
  if (Object.keys(value).length !== 1 || !isJsonObject(part)) throw bad("it is no line of a bundle");
  if (name === "range") return range(part);
  if (name === "open") return open(part);
  if (name === "end") return end(part);
  if (name === "consistency") return consistency(part);
  if (name === "attestation") return { type: "attestation", envelope: part };
  throw bad("it is no line of a bundle");
}

function header(value: JsonObject): BundleLine {
  members(value, ["checkpoint", "kind", "origin", "scope", "v"]);
  if (value["kind"] !== "writ.bundle") throw bad("`kind` is not `writ.bundle`");
  if (value["v"] !== 1) throw bad("`v` is not 1, the version this verifier reads");
  const [origin, checkpoint] = [textIn(value, "origin"), textIn(value, "checkpoint")];
  return { type: "header", origin, checkpoint, scope: scope(value["scope"]) };
}

function scope(value: Json | undefined): BundleScope {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) throw bad("`scope` does not have exactly one member");
  if ("run" in value) return { kind: "run", run: textIn(value, "run") };
  if ("tenant" in value) return { kind: "tenant", tenant: textIn(value, "tenant") };
  const numbers = numbersIn(value["range"] ?? value["entries"]);
  if ("entries" in value) {
    if (numbers.length === 0 || numbers.length > SCOPE_ENTRIES_MAX) throw bad("`scope` lists no entries, or too many");
    if (numbers.some((index, at) => at > 0 && index <= (numbers[at - 1] ?? 0))) throw bad("`scope` does not rise");
    return { kind: "entries", indexes: numbers };
  }
  const [from, to] = numbers;
  if (!("range" in value) || numbers.length !== 2 || from === undefined || to === undefined || from >= to) {
    throw bad("`scope` is none that is known");
  }
  return { kind: "range", from, to };
}

function entry(value: JsonObject): BundleLine {
  const [text, index] = [textIn(value, "entry"), numberIn(value, "index")];
  if (!("proof" in value)) {
    members(value, ["entry", "index"]);
    return { type: "entry", text, index };
  }
  members(value, ["entry", "index", "proof"]);
  return { type: "entry", text, index, proof: hashes(value["proof"], PROOF_HASHES_MAX) };
}

function range(value: JsonObject): BundleLine {
  members(value, ["from", "left", "right", "to"]);
  const [from, to] = [numberIn(value, "from"), numberIn(value, "to")];
  const left = hashes(value["left"], BOUNDARY_HASHES_MAX);
  return { type: "range", from, to, left, right: hashes(value["right"], BOUNDARY_HASHES_MAX) };
}

function open(value: JsonObject): BundleLine {
  members(value, ["content", "field", "index", "salt"]);
  const salt = hashFromBase64(textIn(value, "salt"));
  const content = fromBase64(textIn(value, "content"));
  return { type: "open", index: numberIn(value, "index"), field: textIn(value, "field"), salt, content };
}

function consistency(value: JsonObject): BundleLine {
  members(value, ["proof", "size"]);
  return { type: "consistency", size: numberIn(value, "size"), proof: hashes(value["proof"], PROOF_HASHES_MAX) };
}

function end(value: JsonObject): BundleLine {
  members(value, ["lines", "sha256"]);
  const sha256 = textIn(value, "sha256");
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw bad("`sha256` is not 64 hex digits");
  return { type: "end", lines: numberIn(value, "lines"), sha256 };
}

function members(value: JsonObject, names: readonly string[]): void {
  const found = Object.keys(value).sort(compareCodeUnits);
  if (found.length !== names.length || found.some((name, at) => name !== names[at])) {
    throw bad(`its members are not ${names.join(", ")}`);
  }
}

function textIn(value: JsonObject, name: string): string {
  const text = value[name];
  if (typeof text !== "string") throw bad(`\`${name}\` is not a string`);
  return text;
}

function numberIn(value: JsonObject, name: string): number {
  const [number] = numbersIn([value[name] ?? null]);
  return number ?? 0;
}

function numbersIn(value: Json | undefined): number[] {
  if (!Array.isArray(value)) throw bad("a list of numbers is missing");
  return (value as readonly Json[]).map((item) => {
    if (typeof item !== "number" || !Number.isSafeInteger(item) || item < 0)
      throw bad("a number is not from 0 to 2^53 − 1");
    return item;
  });
}

function hashes(value: Json | undefined, limit: number): Uint8Array[] {
  if (!Array.isArray(value)) throw bad("a list of hashes is missing");
  if (value.length > limit) throw bad(`a list has more than ${limit} hashes`);
  return (value as readonly Json[]).map((item) => {
    if (typeof item !== "string") throw bad("a hash is not a string");
    return hashFromBase64(item);
  });
}

function bad(reason: string): Error {
  return malformed("BUNDLE_SYNTAX", `this is not a line of a bundle: ${reason}`, "docs/reference/bundle.md");
}
