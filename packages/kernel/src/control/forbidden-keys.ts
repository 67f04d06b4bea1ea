import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, type ExactRecord } from "../compat/exact-record.ts";
import { COLLECTION_MAX, DEPTH_MAX as BOUNDARY_DEPTH_MAX, NODES_MAX } from "../compat/json-boundary.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "./record-refusal.ts";

/** Areas of spec kernel.md §2.3 whose maps are searched. */
export type ScannedArea =
  | "state"
  | "control"
  | "event"
  | "runtime"
  | "planning"
  | "supervision"
  | "review"
  | "admission"
  | "policy"
  | "governance"
  | "automation"
  | "typed_execution";

/**
 * Refuses a map that holds a forbidden key at any depth, with the reference's code of the area, and `rule` of §27 where
 * the reference may not look. First hit in order. Keys that only look like a forbidden one come after (§27 no. 12).
 */
export function refuseForbiddenKeys(area: ScannedArea, value: ExactJson, rule?: number): void {
  refuseNamedKeys(area, value, rule);
  const forbidden = new Set([...FORBIDDEN[area], ...(area === "governance" ? NEWER_GOVERNANCE : [])]);
  refuseFound(area, firstForbidden({ forbidden, fold: foldKey, listInList: true }, value, 0), 12);
}

/** The keys of an area in the letters by which the reference knows them. */
export function refuseNamedKeys(area: ScannedArea, value: ExactJson, rule?: number): void {
  const forbidden = FORBIDDEN[area];
  if (area === "state") return refuseFound(area, firstBounded(forbidden, value), rule);
  const fold = area === "governance" ? foldKey : (key: string): string => key.toLowerCase();
  refuseFound(area, firstForbidden({ forbidden, fold, listInList: area !== "policy" }, value, 0), rule);
}

/** The same for a receipt's binding, of which only the top level is searched: output digests are named after streams. */
export function refuseForbiddenBindingKeys(binding: ExactRecord): void {
  const found = Object.keys(binding)
    .map(foldKey)
    .find((name) => BINDING.has(name));
  if (found !== undefined) throw recordRefusal(`forbidden_runner_receipt_binding:${found}`);
}

/** A key as it is compared. Upper case first, so that `ß` and `ſ` are the letters they stand for. */
export function foldKey(key: string): string {
  return stripSpace(key).toUpperCase().toLowerCase();
}

function refuseFound(area: ScannedArea, found: string | undefined, rule?: number): void {
  if (found !== undefined) throw recordRefusal(reasonOf(area, found), rule);
}

function reasonOf(area: ScannedArea, key: string): string {
  if (area === "governance") return "forbidden_governance_input";
  return area === "event" ? `forbidden_event_payload:${key}` : `forbidden_${area}_metadata:${key}`;
}

/** Deeper than this nothing is read: the strict reader lets no such value in. */
const DEPTH_MAX = 128;

interface Search {
  readonly forbidden: ReadonlySet<string>;
  readonly fold: (key: string) => string;
  /** Whether a list within a list is searched too: the reference leaves it out of a policy's search. */
  readonly listInList: boolean;
}

function firstForbidden(search: Search, value: ExactJson, depth: number): string | undefined {
  if (depth > DEPTH_MAX) throw recordRefusal("record_too_deep", 12);
  if (isExactList(value)) {
    for (const item of value) {
      if (!search.listInList && isExactList(item)) continue;
      const found = firstForbidden(search, item, depth + 1);
      if (found !== undefined) return found;
    }
  } else if (isExactRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      const name = search.fold(key);
      if (search.forbidden.has(name)) return name;
      const found = firstForbidden(search, item, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The search of a run's state: all keys of a map before what they hold, within the boundary's bounds (§2.4). */
function firstBounded(forbidden: ReadonlySet<string>, value: ExactJson): string | undefined {
  const waiting: (readonly [item: ExactJson, depth: number])[] = [[value, 0]];
  for (let nodes = 1; ; nodes++) {
    const next = waiting.pop();
    if (next === undefined) return undefined;
    const [item, depth] = next;
    if (nodes > NODES_MAX) throw recordRefusal("json_boundary_max_nodes");
    if (depth > BOUNDARY_DEPTH_MAX) throw recordRefusal("json_boundary_max_depth");
    const held = isExactRecord(item) ? Object.values(item) : item;
    if (!isExactList(held)) continue;
    if (held.length > COLLECTION_MAX) throw recordRefusal("json_boundary_max_collection_length");
    const found = isExactRecord(item) ? Object.keys(item).map(foldKey) : [];
    const name = found.find((key) => forbidden.has(key));
    if (name !== undefined) return name;
    waiting.push(...held.toReversed().map((inner) => [inner, depth + 1] as const));
  }
}

const words = (text: string): readonly string[] => text.split(" ");

const BINDING: ReadonlySet<string> = new Set([
  ...words("command commands credential credentials api_key passphrase password private_key prompt raw_output"),
  ...words("raw_stderr raw_stdout secret stderr stdout target target_url token url"),
]);

const BASE = words("raw_intent prompt credential credentials secret token password api_key shell subprocess");
const STATE = [
  ...BASE,
  ...words("runtime_storage storage_path queue scheduler schedule live_execution live_backend command"),
];
const RUNTIME = [
  ...BASE,
  ...words("command commands live_execution live_backend carrier_payload transport_payload"),
  ...words("runtime_storage storage_path scheduler schedule"),
];
const PLANNING = [...RUNTIME, ...words("target target_url url")];
const ADMISSION = [...PLANNING, ...words("raw_payload raw_evidence raw_output stdout stderr")];

/** Triggers, supervisor actions and automation. */
const AUTOMATION = [
  ...words("api_key command commands credential credentials event_payload host hostname ip password raw_event"),
  ...words("raw_output secret stderr stdout subprocess target target_url token url"),
];

const FORBIDDEN: { readonly [Area in ScannedArea]: ReadonlySet<string> } = {
  state: new Set(STATE),
  control: new Set([...STATE, ...words("commands delivery transport_payload")]),
  event: new Set([...BASE, ...words("command commands carrier_delivery transport_payload")]),
  runtime: new Set(RUNTIME),
  planning: new Set(PLANNING),
  supervision: new Set([
    ...BASE,
    ...words("live_backend runtime_storage storage_path carrier_payload transport_payload"),
    ...words("scheduler schedule target target_url url"),
  ]),
  review: new Set([
    ...BASE,
    ...words("command commands stdout stderr raw_output live_backend runtime_storage storage_path"),
    ...words("carrier_payload transport_payload target target_url url"),
  ]),
  admission: new Set(ADMISSION),
  policy: new Set(ADMISSION),
  automation: new Set(AUTOMATION),
  typed_execution: new Set([
    ...words("api_key argv base_url command commands credential credentials endpoint host hostname identity_file ip"),
    ...words("password path raw_output secret stderr stdout subprocess target target_url token url"),
  ]),
  governance: new Set(words("access_key api_key authorization cookie credential password private_key secret token")),
};

/** What newer lines of the reference forbid in facts and scopes besides. */
const NEWER_GOVERNANCE = words("raw_output raw_target stderr stdout target_url");
