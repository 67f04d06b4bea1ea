import { toBase64 } from "@writ/canon";

import { checkpointSize } from "./export-bundle.ts";
import { outOfRange } from "./ledger-error.ts";
import type { OpenLedger } from "./log-ledger.ts";

/**
 * The text of a stand-alone proof (C2SP tlog-proof) that the entry with `index` is under the checkpoint of now; the
 * entry's bytes are its extra data. Throws `INDEX_OUT_OF_RANGE`.
 */
export async function exportProof(ledger: OpenLedger, index: number): Promise<string> {
  const entry = await ledger.get(index);
  if (entry === undefined) throw outOfRange(`entry ${index} is not in the log`);
  const checkpoint = await ledger.provable();
  const size = checkpointSize(checkpoint);
  if (index >= size) throw outOfRange(`entry ${index} is not under the last checkpoint, of size ${size}`);
  const hashes = await ledger.inclusionProof(index, size);
  const lines = ["c2sp.org/tlog-proof@v1", `extra ${toBase64(entry.bytes)}`, `index ${index}`, ...hashes.map(toBase64)];
  return `${lines.join("\n")}\n\n${checkpoint}`;
}
