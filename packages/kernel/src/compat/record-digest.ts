import { sha256Hex, type ExactJson } from "@writ/canon";
import { compareCodePoints } from "./code-points.ts";
import { legacyRefusal } from "./legacy-value.ts";
import { stripSpace } from "./python-text.ts";
import { asciiText, pythonNumbers, writeLegacyJson } from "./python-json.ts";

/** A record as the reference kernel digests it. */
export interface LegacyRecord {
  /** Begins with `govengine.`. */
  readonly recordType: string;
  /** `v1` unless said, and where it is empty. */
  readonly schemaVersion?: string;
  readonly record: ExactJson;
  /** `sha256` unless said; there is no other. */
  readonly algorithm?: string;
}

/**
 * The kernel record text (spec kernel.md §3.3): the record inside an envelope that names its owner, type and version;
 * non-ASCII escaped, floats with a point. Throws `LEGACY_VALUE`.
 */
export function kernelRecordText({
  recordType,
  schemaVersion = "v1",
  record,
  algorithm = "sha256",
}: LegacyRecord): string {
  if (algorithm !== "sha256")
    throw legacyRefusal("unsupported_govengine_record_digest_algorithm", "a digest algorithm other than sha256");
  const type = stripSpace(recordType);
  if (type === "") throw legacyRefusal("missing_govengine_record_type", "a record without a type");
  if (!type.startsWith("govengine."))
    throw legacyRefusal("invalid_govengine_record_type", "a record type outside `govengine.`");
  const envelope = { owner: "govengine", record_type: type, schema_version: schemaVersion || "v1", record };
  return writeLegacyJson(envelope, { order: compareCodePoints, text: asciiText, ...pythonNumbers, integer });
}

/** `sha256:` and 64 lower-case hex digits. */
export function kernelRecordDigest(record: LegacyRecord): string {
  return `sha256:${sha256Hex(kernelRecordText(record))}`;
}

function integer(value: number | bigint): string {
  if (!Number.isSafeInteger(Number(value)))
    throw legacyRefusal("unsupported_govengine_record_unsafe_integer", "a whole number beyond ±(2^53−1)");
  return String(value);
}
