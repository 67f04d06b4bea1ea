/** SQL with `?` as it is sent to PostgreSQL. Texts are constants, so each is translated once and kept. */
export class PostgresSql {
  readonly #translated = new Map<string, string>();
  readonly #batches = new Map<string, Batch | null>();

  /** `?` outside quotes and comments becomes `$1`, `$2`, … */
  text(sql: string): string {
    return remember(this.#translated, sql, () => numberPlaces(sql, 1));
  }

  /** The INSERT split around its VALUES row; null when rows must go one by one. */
  batch(sql: string): Batch | null {
    return remember(this.#batches, sql, () => splitInsert(sql));
  }

  /** One INSERT of `rows` rows. */
  insertText(batch: Batch, rows: number): string {
    return remember(this.#translated, `${rows} ${batch.sql}`, () => {
      const lists = Array.from({ length: rows }, (_, row) => numberPlaces(batch.row, 1 + row * batch.places));
      return batch.head + lists.join(", ") + batch.tail;
    });
  }
}

export interface Batch {
  readonly sql: string;
  readonly head: string;
  /** `(5, ?, ?)` */
  readonly row: string;
  readonly places: number;
  readonly tail: string;
}

/** Texts kept; far more than all rooms have together. Beyond it they are translated again each time. */
const TEXTS_MAX = 2048;

function remember<T extends string | object | null>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (known.size < TEXTS_MAX) known.set(key, made);
  return made;
}

/** A quoted string, a quoted name, a comment, or a place. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\?/g;

function numberPlaces(sql: string, first: number): string {
  let next = first;
  return sql.replaceAll(TOKEN, (token) => (token === "?" ? `$${next++}` : token));
}

/**
 * Rows may share a statement when no row can meet another: without ON CONFLICT, or with DO NOTHING. DO UPDATE
 * refuses to touch one row twice, so there each row is its own statement. Expressions with parentheses inside the
 * VALUES row go one by one as well.
 */
function splitInsert(sql: string): Batch | null {
  const match =
    /^(\s*INSERT\s+INTO\s[^?]*?\sVALUES\s*)(\([^()']*\))(\s*(?:ON\s+CONFLICT\s*(?:\([^()?]*\))?\s*DO\s+NOTHING\s*)?)$/i.exec(
      sql,
    );
  const [, head, row, tail] = match ?? [];
  if (head === undefined || row === undefined || tail === undefined) return null;
  const places = row.split("?").length - 1;
  return places === 0 ? null : { sql, head, row, places, tail };
}
