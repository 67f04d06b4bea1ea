import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, isExactRecord, member, sameExact, textMember, type ExactRecord } from "../compat/exact-record.ts";
import { scliteDigestV01 } from "../compat/sclite-json-v01.ts";
import { redactSecrets } from "../redaction/secret-value.ts";

const REDACTED = "<redacted>";
const LOCAL_PATH = "<local_path_omitted>";
const OUTPUT = "<omitted_for_public_demo>";
const SENSITIVE_KEYS: readonly string[] = [
  "password",
  "password_ref",
  "secret",
  "token",
  "api_key",
  "apikey",
  "authorization",
  "auth",
  "cookie",
  "cookies",
];
const HEADER_WORDS = ["authorization", "cookie", "token", "secret", "api-key", "api_key"];

/** What a redaction did (spec kernel.md §9). */
export interface RedactionReceipt {
  readonly policy: { readonly policy_id: string; readonly policy_hash: string };
  readonly source: { readonly label: string; readonly hash: string };
  readonly redacted: { readonly label: string; readonly hash: string };
  readonly status: "redacted" | "unchanged";
  readonly summary: {
    readonly rules_considered: readonly string[];
    readonly changed_paths_estimate: number;
    readonly source_and_redacted_hash_match: boolean;
  };
}

/** The reference's default policy. */
const POLICY = {
  policy_id: "sclite-public-safe-v0.1",
  mode: "public_safe_fixture_redaction",
  rules: [
    { rule_id: "sensitive_value_keys", action: "replace_value" },
    { rule_id: "raw_stdout_stderr", action: "omit_or_replace" },
    { rule_id: "local_paths", action: "replace_local_path" },
    { rule_id: "header_like_secrets", action: "replace_header_value" },
  ],
} as const;

/**
 * A value that may be published: first the reference's redaction by key names and header-like text, so that its digests
 * agree, then every secret that it leaves (spec kernel.md §9, §27 no. 17).
 */
export function sanitizePublicArtifact(value: ExactJson): ExactJson {
  return redactSecrets(sanitizeLegacyArtifact(value));
}

/** The reference's redaction alone. It finds what has its few forms and proves nothing about the rest. */
export function sanitizeLegacyArtifact(value: ExactJson): ExactJson {
  if (typeof value === "string") return sanitizeLegacyText(value);
  if (isExactList(value)) return value.map(sanitizeLegacyArtifact);
  if (!isExactRecord(value)) return value;
  const name = textMember(value, "name");
  if (name === undefined || !["value", "raw"].some((key) => Object.hasOwn(value, key))) return sanitizeMembers(value);
  const raw = Object.hasOwn(value, "raw") ? { raw: `${name}: ${REDACTED}` } : {};
  return { ...mapMembers(value, (_, item) => sanitizeLegacyArtifact(item)), value: REDACTED, ...raw };
}

/** Digests of both sides and an estimate of how much changed. Throws `LEGACY_VALUE`. */
export function redactionReceipt(source: ExactJson, redacted: ExactJson, label: string): RedactionReceipt {
  const [before, after] = [scliteDigestV01(source), scliteDigestV01(redacted)];
  return {
    policy: { policy_id: POLICY.policy_id, policy_hash: scliteDigestV01(POLICY) },
    source: { label, hash: before },
    redacted: { label, hash: after },
    status: before === after ? "unchanged" : "redacted",
    summary: {
      rules_considered: POLICY.rules.map(({ rule_id }) => rule_id),
      changed_paths_estimate: changedPaths(source, redacted),
      source_and_redacted_hash_match: before === after,
    },
  };
}

function sanitizeMembers(value: ExactRecord): ExactRecord {
  return mapMembers(value, (name, item) => {
    const key = name.toLowerCase();
    if (SENSITIVE_KEYS.includes(key) && !isEmpty(item)) return REDACTED;
    if (key === "stdout" || key === "stderr") return isEmpty(item) ? "" : OUTPUT;
    return sanitizeLegacyArtifact(item);
  });
}

function mapMembers(value: ExactRecord, change: (key: string, item: ExactJson) => ExactJson): ExactRecord {
  // Entries, because an own `__proto__` must stay a member.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(key, item)]));
}

/** One text by the reference's rules; its own reports pass through them too. */
export function sanitizeLegacyText(text: string): string {
  if (text.startsWith("/home/")) return LOCAL_PATH;
  const colon = text.indexOf(":");
  // Lower-cased and not by a pattern: `\u212A` is a `k` to the reference.
  const lower = text.toLowerCase();
  if (colon !== -1 && HEADER_WORDS.some((word) => lower.includes(word))) return `${text.slice(0, colon)}: ${REDACTED}`;
  return lower.includes("session=") ? REDACTED : text;
}

/** What has nothing in it to hide: null, false, zero, empty text, list or map. */
function isEmpty(value: ExactJson): boolean {
  if (isExactList(value)) return value.length === 0;
  if (value instanceof JsonFraction) return value.value === 0;
  if (isExactRecord(value)) return Object.keys(value).length === 0;
  return value === null || value === false || value === 0 || value === "";
}

function changedPaths(source: ExactJson, redacted: ExactJson): number {
  if (isExactList(source) && isExactList(redacted)) {
    const shared = Math.min(source.length, redacted.length);
    let changed = Math.abs(source.length - redacted.length);
    for (let index = 0; index < shared; index++)
      changed += changedPaths(source[index] ?? null, redacted[index] ?? null);
    return changed;
  }
  if (isExactRecord(source) && isExactRecord(redacted)) {
    let changed = 0;
    for (const key of new Set([...Object.keys(source), ...Object.keys(redacted)])) {
      const [before, after] = [member(source, key), member(redacted, key)];
      changed += before === undefined || after === undefined ? 1 : changedPaths(before, after);
    }
    return changed;
  }
  return sameExact(source, redacted) ? 0 : 1;
}
