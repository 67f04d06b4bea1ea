/** One row of look-ahead over a table that is read in step with the entries. */
export class Cursor<Row> {
  readonly #rows: Iterator<Row>;
  #current: Row | undefined;

  constructor(rows: Iterator<Row>) {
    this.#rows = rows;
    this.#current = this.#take();
  }

  peek(): Row | undefined {
    return this.#current;
  }

  next(): Row | undefined {
    this.#current = this.#take();
    return this.#current;
  }

  #take(): Row | undefined {
    const step = this.#rows.next();
    return step.done === true ? undefined : step.value;
  }
}
