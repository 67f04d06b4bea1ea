import { parseEntry, readEntry } from "./entry.ts";
import type { Entry } from "./entry.ts";
import type { EntryScan } from "./entry-scan.ts";
import { isJsonObject } from "./json.ts";
import type { Json } from "./json.ts";

/**
 * Reads an entry whose text was scanned: with the platform's parser if the scan found it canonical, which leaves that parser
 * nothing to get wrong, else with the strict one. Throws as `parseEntry` does.
 */
export function readScanned(text: string, accepted: boolean, scan: EntryScan): Entry {
  if (!accepted || !scan.needsReading) return parseEntry(text);
  const value: Json = JSON.parse(text);
  return isJsonObject(value) ? readEntry(value) : parseEntry(text);
}
