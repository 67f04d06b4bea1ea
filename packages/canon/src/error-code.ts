/** Every code this room throws. Reader codes carry `details.position`. */
export type CanonErrorCode =
  /** The text is not one JSON value (RFC 8259); `position` is where reading stopped. */
  | "JSON_SYNTAX"
  /** An object names one key twice; `position` is that of the second key. */
  | "JSON_DUPLICATE_KEY"
  /** Nested deeper than the limit; `position` is the opening bracket, `limit` the limit. */
  | "JSON_DEPTH"
  /** Longer than the limit in UTF-8 bytes; `position` is the first byte too many, `limit` the limit. */
  | "JSON_SIZE"
  /** The bytes are not UTF-8; `position` is the first wrong byte. */
  | "JSON_UTF8"
  /** Half of a surrogate pair, written raw or as `\uD800`; `position` is where it stands. */
  | "JSON_SURROGATE"
  /** A number beyond the range of an IEEE-754 double. */
  | "JSON_NUMBER"
  /** The value has no JSON form: undefined, a function, a bigint, a symbol, an instance of a class, a hole. */
  | "CANON_NOT_JSON"
  /** NaN or an infinity. */
  | "CANON_NUMBER"
  /** A string or key holds half of a surrogate pair. */
  | "CANON_SURROGATE"
  /** Nested deeper than `CANONICAL_DEPTH_MAX`, as every cycle is. */
  | "CANON_DEPTH"
  /** Not lower-case hexadecimal digits in pairs. */
  | "HEX_INVALID"
  /** Not canonical base64 (or base64url) as RFC 4648 §3.5 and §4 (§5) say. */
  | "BASE64_INVALID"
  /** Not a lower-case UUID of 36 characters, or out of range for UUIDv7. */
  | "UUID_INVALID"
  /** Not an instant of the required form, or no such date. */
  | "INSTANT_INVALID"
  /** A digest does not fit into the buffer at the offset. */
  | "DIGEST_BOUNDS";
