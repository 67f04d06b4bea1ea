import { hash } from "node:crypto";

/** SHA-256 by Node's own one-shot call; `#sha256` in package.json chooses between this and `sha256-portable.ts`. */
export function digestHex(data: Uint8Array | string): string {
  return hash("sha256", data, "hex");
}

/** Writes 32 bytes at `offset`. A digest as a Latin-1 string and then copied costs a third of one as a Buffer. */
export function digestInto(data: Uint8Array | string, out: Uint8Array, offset: number): void {
  const digest = hash("sha256", data, "binary");
  for (let index = 0; index < digest.length; index++) out[offset + index] = digest.charCodeAt(index);
}
