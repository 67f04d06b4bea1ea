import type { SqlValue } from "./port.ts";
import { storeError } from "./store-error.ts";

/**
 * Refuses with `STORE_VALUE` what a column could not give back unchanged: fractions and integers outside
 * ±(2^53−1), text with half a surrogate pair (both engines would replace or refuse it) or NUL (PostgreSQL cannot
 * hold it, SQLite's text functions stop there).
 */
export function checkValues(values: readonly SqlValue[]): void {
  for (const value of values) {
    if (value === null || value instanceof Uint8Array) continue;
    if (typeof value === "string") {
      if (!value.isWellFormed()) throw refused("text with half of a surrogate pair");
      if (value.includes("\0")) throw refused("text with a NUL character");
    } else if (typeof value !== "number") throw refused(`a value of type \`${typeof value}\``);
    else if (!Number.isSafeInteger(value)) throw refused(`the number \`${value}\``);
  }
}

function refused(what: string) {
  return storeError({ code: "STORE_VALUE", message: `${what} cannot be stored` });
}
