import { types } from "pg";

import { storeError } from "./store-error.ts";

/** Object ids of the built-in types, `pg_type.dat` of PostgreSQL. */
const [BOOL, BYTEA, INT8, INT2, INT4, OID, FLOAT4, FLOAT8, NUMERIC] = [16, 17, 20, 21, 23, 26, 700, 701, 1700];

/**
 * Column texts as `SqlValue`s: integers are numbers (beyond ±(2^53−1): `STORE_VALUE`), `bytea` is bytes, booleans are
 * 0 and 1 as in SQLite, everything else stays text. Given to `pg` as its table of parsers.
 */
export const postgresTypes: { readonly getTypeParser: typeof types.getTypeParser } = {
  getTypeParser: (oid: number) => PARSERS.get(oid) ?? asText,
};

type Parser = (text: string) => number | string | Uint8Array;

const PARSERS: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [BOOL, (text) => (text === "t" ? 1 : 0)],
  [BYTEA, asBytes],
  [INT8, asInteger],
  [NUMERIC, asInteger],
  [INT2, Number],
  [INT4, Number],
  [OID, Number],
  [FLOAT4, Number],
  [FLOAT8, Number],
]);

function asText(text: string): string {
  return text;
}

/** `\x` and hexadecimal digits, the only output form since PostgreSQL 9. */
function asBytes(text: string): Uint8Array {
  const bytes = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function asInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw storeError({ code: "STORE_VALUE", message: `the integer \`${text}\` cannot be read exactly` });
}
