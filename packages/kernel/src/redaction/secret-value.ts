import { JsonFraction, parseJsonExact, type ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, sameExact, type ExactRecord } from "../compat/exact-record.ts";
import { isDigestName } from "./digest-name.ts";
import { exactJsonText } from "./exact-json-text.ts";
import { withoutKeyLines } from "./key-lines.ts";
import { isPlaceholder } from "./placeholder.ts";
import { redactList } from "./secret-list.ts";
import { numberIsSecret, secretRole } from "./secret-role.ts";
import { SECRET_MARK } from "./secret-mark.ts";
import { redactSecretText } from "./secret-text.ts";
import { tokenSpans } from "./token-forms.ts";
import { onRefusal } from "../on-refusal.ts";

/**
 * The value with every secret in it replaced, wherever it stands: in keys, in lists such as argument vectors, in pairs
 * of a name and a value, in JSON inside text (spec kernel.md §9, §27 no. 17). What has no secret stays as it is.
 */
export function redactSecrets(value: ExactJson): ExactJson {
  return redact(value, { depth: 0, layers: 0 });
}

interface Place {
  readonly depth: number;
  /** How many texts of JSON this value lies in. */
  readonly layers: number;
}

/** Deeper values are replaced whole: nothing unread goes out. */
const DEPTH_MAX = 128;
const LAYERS_MAX = 8;

function redact(value: ExactJson, at: Place): ExactJson {
  if (at.depth > DEPTH_MAX) return SECRET_MARK;
  if (typeof value === "string") return redactText(value, at);
  const inside = { ...at, depth: at.depth + 1 };
  if (isExactList(value)) return redactList(withoutKeyLines(value).map((item) => redact(item, inside)));
  return isExactRecord(value) ? redactRecord(value, inside) : value;
}

function redactRecord(record: ExactRecord, at: Place): ExactRecord {
  // The lines of named values that were replaced before: `Cookie: <redacted>`.
  const done = new Set(
    Object.entries(record).flatMap(([key, item]) =>
      NAME_KEY.test(key) && typeof item === "string" && secretRole(item) !== undefined
        ? [`${item}: ${SECRET_MARK}`]
        : [],
    ),
  );
  const sealed = member(record, "kind") === "Secret";
  const taken = new Map<string, number>();
  // Entries, because an own `__proto__` must stay a member.
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => {
      const isLineDone = typeof item === "string" && done.has(item);
      const whole =
        (done.size > 0 && VALUE_KEY.test(key) && !isLineDone) || (sealed && /^(?:data|stringData)$/.test(key));
      return [freeKey(redactSecretText(key), taken), whole ? markOf(item, "value") : redactMember(key, item, at)];
    }),
  );
}

/** Keys whose text names the value beside it: `name`, `ParameterKey`, `type`. */
const NAME_KEY = /(?:name|key|label|type|field|header|variable|param|parameter)$/i;
const VALUE_KEY = /(?:value|values|val|raw|input|content|data|default|text|string)$/i;

function redactMember(key: string, value: ExactJson, at: Place): ExactJson {
  if (secretRole(key) !== undefined) return markOf(value, key);
  const digest = isDigestName(key) && typeof value === "string" && DIGEST.test(value) && tokenSpans(value).length === 0;
  return digest ? value : redact(value, at);
}

/** Public by what it is: hex or base64 of a usual length, with the algorithm before it or not. */
const DIGEST = /^(?:[A-Za-z0-9]{1,12}[:-])?(?:[0-9a-f]{32,128}|[A-Za-z0-9+/_-]{43}=?|[A-Za-z0-9+/_-]{86}(?:==)?)$/;

/** The mark in place of a secret value; what can be no secret stays. */
function markOf(value: ExactJson, name: string): ExactJson {
  if (value === null || value === 0 || typeof value === "boolean") return value;
  if (typeof value === "string") return isPlaceholder(value) ? value : SECRET_MARK;
  if (isExactList(value)) return value.length === 0 ? value : value.map((item) => markOf(item, name));
  if (isExactRecord(value)) return Object.keys(value).length === 0 ? value : SECRET_MARK;
  if (value instanceof JsonFraction && value.value === 0) return value;
  return numberIsSecret(name) ? SECRET_MARK : value;
}

/** Two keys that are both secret stay two members: the second is numbered. */
function freeKey(key: string, taken: Map<string, number>): string {
  let [free, count] = [key, taken.get(key) ?? 1];
  // A key that happens to be numbered already is passed over.
  while (taken.has(free)) free = `${key} (${String(++count)})`;
  taken.set(key, count).set(free, taken.get(free) ?? 1);
  return free;
}

/** JSON inside text is read as JSON, because names there stand apart from their values. */
function redactText(text: string, at: Place): string {
  const inner = at.layers < LAYERS_MAX ? jsonInside(text) : undefined;
  if (inner === undefined) return redactSecretText(text);
  const redacted = redact(inner, { depth: 0, layers: at.layers + 1 });
  return sameExact(inner, redacted) ? text : exactJsonText(redacted);
}

function jsonInside(text: string): ExactJson | undefined {
  if (!/^\s*["[{]/.test(text)) return undefined;
  return onRefusal(
    () => parseJsonExact(text),
    () => undefined,
  );
}
