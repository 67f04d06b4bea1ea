import { fromBase64, hashFromBase64, parseDecimal, textOf, toBase64 } from "./encoding.ts";
import { malformed } from "./errors.ts";
import { PROOF_HASHES_MAX } from "./inclusion-proof.ts";
import { clip } from "./verifier-key.ts";

const HEADER = "c2sp.org/tlog-proof@v1";
/** Room for an entry of 32 KiB or an opaque note of an application, and for the checkpoint. */
const PROOF_BYTES_MAX = 1024 * 1024;

/** A stand-alone proof (C2SP tlog-proof): that the entry with `index` is under `checkpoint`. */
export interface TlogProof {
  readonly index: number;
  /** From the leaf's sibling upward, at most 63. */
  readonly hashes: readonly Uint8Array[];
  /** Opaque and not authenticated. Writ puts the entry's bytes here; they count once their leaf is proved. */
  readonly extra?: Uint8Array;
  /** The signed note, verbatim. */
  readonly checkpoint: string;
}

/** Reads the text form. `PROOF_SYNTAX`, `HASH_SIZE` or `ENCODING`. */
export function parseTlogProof(input: string | Uint8Array): TlogProof {
  if (input.length > PROOF_BYTES_MAX) throw bad(`it has more than ${PROOF_BYTES_MAX} bytes`);
  const text = textOf(input);
  const blank = text.indexOf("\n\n");
  if (blank < 0) throw bad("no blank line stands before the checkpoint");
  const [header, ...lines] = text.slice(0, blank).split("\n");
  if (header !== HEADER) throw bad(`its first line is not \`${HEADER}\``);
  const extra = lines[0]?.startsWith("extra ") === true ? fromBase64(lines.shift()?.slice(6) ?? "") : undefined;
  const indexLine = lines.shift() ?? "";
  const index = indexLine.startsWith("index ") ? parseDecimal(indexLine.slice(6)) : undefined;
  if (index === undefined) throw bad(`\`${clip(indexLine)}\` is not an index`);
  if (lines.length > PROOF_HASHES_MAX) throw bad(`it has more than ${PROOF_HASHES_MAX} hashes`);
  const checkpoint = text.slice(blank + 2);
  if (!checkpoint.endsWith("\n")) throw bad("the checkpoint does not end in a newline");
  const hashes = lines.map(hashFromBase64);
  return { index, hashes, checkpoint, ...(extra === undefined ? {} : { extra }) };
}

/** The text form; what `parseTlogProof` reads back. */
export function formatTlogProof({ index, hashes, extra, checkpoint }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(toBase64),
  ];
  return `${lines.join("\n")}\n\n${checkpoint}`;
}

function bad(reason: string): Error {
  return malformed("PROOF_SYNTAX", "this is not a stand-alone proof", reason);
}
