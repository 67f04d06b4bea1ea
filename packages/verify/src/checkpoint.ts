import { hashFromBase64, parseDecimal, sameBytes, textOf } from "./encoding.ts";
import { malformed } from "./errors.ts";
import { emptyRoot } from "./merkle.ts";
import { clip } from "./verifier-key.ts";

/** A head of a log: what its checkpoint says once the signatures are checked. */
export interface Checkpoint {
  readonly origin: string;
  /** Number of entries, below 2^53. */
  readonly size: number;
  readonly root: Uint8Array;
  /** Further lines (C2SP tlog-checkpoint allows them; Writ's logs have none). */
  readonly extensions: readonly string[];
}

/** Reads the text of a checkpoint, without its signatures (C2SP tlog-checkpoint). `CHECKPOINT_SYNTAX` or `HASH_SIZE`. */
export function parseCheckpoint(input: string | Uint8Array): Checkpoint {
  const text = textOf(input);
  if (!text.endsWith("\n")) throw bad("its last line does not end");
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw bad("it holds a control character");
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split("\n");
  if (origin === undefined || sizeText === undefined || rootText === undefined)
    throw bad("it has fewer than three lines");
  if (origin === "") throw bad("the origin is empty");
  if (extensions.includes("")) throw bad("an extension line is empty");
  const size = parseDecimal(sizeText);
  if (size === undefined) throw bad(`\`${clip(sizeText)}\` is not a tree size`);
  const root = hashFromBase64(rootText);
  if (size === 0 && !sameBytes(root, emptyRoot())) throw bad("the root of size 0 is not the empty tree's");
  return { origin, size, root, extensions };
}

function bad(reason: string): Error {
  return malformed("CHECKPOINT_SYNTAX", "this is not a checkpoint", reason);
}
