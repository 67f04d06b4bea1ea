import type { Entry } from "./entry.ts";
import { isJsonObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Report } from "./verdict.ts";
import { clip } from "./verifier-key.ts";

/** Fields that are kept in mind, so that memory has a bound. */
const REMEMBERED_MAX = 100_000;

/** Private fields that entries committed to and that are not there. An `erasure` names each that was removed as it should be. */
export class GoneFields {
  readonly #gone = new Set<string>();
  /** Named by an `erasure` here, and not gone here: of an entry before. */
  readonly #erasedBefore = new Set<string>();
  #full = false;

  get gone(): readonly string[] {
    return [...this.#gone];
  }

  get erasedBefore(): readonly string[] {
    return [...this.#erasedBefore];
  }

  /** True when there was more than can be kept in mind. */
  get isFull(): boolean {
    return this.#full;
  }

  /** An entry, with the names of its private fields that are there. */
  entry(entry: Entry, index: number, there: ReadonlySet<string>): void {
    for (const field of entry.private.keys()) if (!there.has(field)) this.#remember(this.#gone, `${index}/${field}`);
    if (entry.kind !== "erasure") return;
    for (const { index: at, field } of erasedBy(entry.data)) {
      const name = `${at}/${field}`;
      if (!this.#gone.delete(name)) this.#remember(this.#erasedBefore, name);
    }
  }

  /** Takes what was learned of the entries that follow. */
  join({ gone, erasedBefore }: { readonly gone: readonly string[]; readonly erasedBefore: readonly string[] }): void {
    for (const name of erasedBefore) this.#gone.delete(name);
    for (const name of gone) this.#remember(this.#gone, name);
  }

  finish(report: Report): void {
    for (const name of this.#gone) {
      const at = name.indexOf("/");
      const [index, field] = [Number(name.slice(0, at)), name.slice(at + 1)];
      const what = `private field \`${clip(field)}\` of entry \`${index}\` is gone, and no \`erasure\` names it`;
      report.add({ code: "PRIVATE_MISSING", aspect: "completeness", where: { index, field }, what });
    }
    if (this.#full) report.notProven.push(`private fields that are gone, beyond the first ${REMEMBERED_MAX} of them`);
  }

  #remember(names: Set<string>, name: string): void {
    if (names.size < REMEMBERED_MAX) names.add(name);
    else this.#full = true;
  }
}

/** One private field of one entry. */
export interface FieldName {
  readonly index: number;
  readonly field: string;
}

/** What an `erasure` names: `{"erased": [{"fields": [name, …], "index": n}, …]}` */
export function* erasedBy(data: JsonObject): Generator<FieldName> {
  const { erased } = data;
  if (!Array.isArray(erased)) return;
  for (const one of erased as readonly Json[]) {
    if (!isJsonObject(one)) continue;
    const { fields, index } = one;
    if (typeof index !== "number" || !Array.isArray(fields)) continue;
    for (const field of fields as readonly Json[]) if (typeof field === "string") yield { index, field };
  }
}
