import { checkSignature, parseNote } from "./note.ts";
import type { VerifierKey } from "./verifier-key.ts";
import { clip } from "./verifier-key.ts";

/**
 * Why a note that a log stored is not the one that was signed, where its signatures alone do not tell: a line whose
 * name or key id was changed looks like one by a stranger's key, which every reader passes over (C2SP signed-note).
 * A line that a known key made under another label was changed; so was a checkpoint without a line of its log's name.
 */
export function relabelledLine(note: string, origin: string, keys: readonly VerifierKey[]): string | undefined {
  const { text, signatures } = parseNote(note);
  if (!signatures.some(({ name }) => name === origin)) return `no line is by a key named \`${clip(origin)}\``;
  const labels = new Set(keys.map(({ name, id }) => `${name}+${id}`));
  for (const { name, id, signature } of signatures) {
    if (labels.has(`${name}+${id}`)) continue;
    const maker = keys.find(
      (key) => checkSignature(text, signature, key) !== undefined || (key.name === name && sharesStart(key.id, id)),
    );
    if (maker !== undefined) return `the line of \`${clip(name)}\` was made by the key of \`${clip(maker.name)}\``;
  }
  return undefined;
}

/**
 * Whether all but the last two bits of two key ids are the same. Those two share a character of base64 with the first
 * bits of the signature, so one changed character can spoil both; two keys of one name are not that near by chance.
 */
function sharesStart(one: string, other: string): boolean {
  return Number.parseInt(one, 16) >>> 2 === Number.parseInt(other, 16) >>> 2;
}
