import { parseEntry, readEntry } from "./entry.ts";
import type { Entry } from "./entry.ts";
import type { EntryScan } from "./entry-scan.ts";
import { isJsonObject } from "./json.ts";
import type { Json } from "./json.ts";

/**
 * Reads an entry whose text was scanned: with the platform's parser if the scan found it canonical and it has no escapes,
 * which leaves that parser nothing to get wrong (V8 may take one escaped name for another), else with the strict one.
 * Throws as `parseEntry` does.
 */
export function readScanned(text: string, accepted: boolean, scan: EntryScan): Entry {
  if (!accepted || !scan.needsReading || text.includes("\\")) return parseEntry(text);
  const value: Json = JSON.parse(text);
  return isJsonObject(value) ? readEntry(value) : parseEntry(text);
}
