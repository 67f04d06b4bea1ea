/** Any value JSON can write. Numbers are finite. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What `parseJsonExact` returns: no number has lost a digit. */
export type ExactJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | JsonFraction
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

/** A number written with a fraction or an exponent, kept as it was written. */
export class JsonFraction {
  /** The literal, for example `1.50` or `2e3`. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The nearest double; finite. */
  get value(): number {
    return Number(this.text);
  }
}
