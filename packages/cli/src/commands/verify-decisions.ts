import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isWritError, parseJson, type JsonValue } from "@writ/canon";
import { loadRecordedSet, redecideRecord } from "@writ/engine";

/** What came of deciding the decisions of a bundle again. */
export interface DecisionReport {
  readonly redecided: number;
  readonly different: readonly { readonly index: number; readonly what: string }[];
  /** How many could not be decided again, by the reason. */
  readonly left: Readonly<Record<string, number>>;
}

type PolicySet = Awaited<ReturnType<typeof loadRecordedSet>>;
type Members = { readonly [name: string]: JsonValue };

/** Sets that are kept loaded; a log that changes its policies more often has the oldest loaded no more. */
const SETS_MAX = 64;
/** Different decisions that are listed; one is enough. */
const DIFFERENT_MAX = 100;

/**
 * Decides the decisions of a bundle again. Precondition: the verifier has read it and found nothing changed, so what
 * is opened in it is what was committed to.
 */
export async function redecideBundle(path: string): Promise<DecisionReport> {
  const decisions = new Decisions();
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const { entry, index, open } = JSON.parse(line) as BundleLine;
    if (entry !== undefined) decisions.entry(index ?? -1, parseJson(entry) as Members);
    else if (open !== undefined) await decisions.opened(open);
  }
  return decisions.report();
}

/** The lines of a bundle that matter here (docs/reference/bundle.md). */
interface BundleLine {
  readonly entry?: string;
  readonly index?: number;
  readonly open?: Opened;
}

interface Opened {
  readonly index: number;
  readonly field: string;
  readonly content: string;
}

class Decisions {
  readonly #sets = new Map<string, PolicySet | "unloadable">();
  readonly #different: { index: number; what: string }[] = [];
  readonly #left = new Map<string, number>();
  #redecided = 0;
  /** The entry whose opened fields come now. */
  #current: { readonly index: number; readonly kind: JsonValue | undefined; readonly data: Members } | undefined;
  #waits = false;

  entry(index: number, { kind, data }: Members): void {
    this.#leaveClosed();
    this.#current = { index, kind, data: data as Members };
    this.#waits = kind === "policy.decision";
  }

  async opened({ index, field, content }: Opened): Promise<void> {
    const current = this.#current;
    if (current?.index !== index) return;
    if (current.kind === "policy.changed" && field === "set") await this.#keep(current.data, content);
    if (current.kind !== "policy.decision" || field !== "entities") return;
    this.#waits = false;
    this.#decide(current.index, current.data, Buffer.from(content, "base64"));
  }

  report(): DecisionReport {
    this.#leaveClosed();
    return { redecided: this.#redecided, different: this.#different, left: Object.fromEntries(this.#left) };
  }

  async #keep({ policy_digest: digest }: Members, content: string): Promise<void> {
    if (typeof digest !== "string") return this.#differs("it pins policies without a digest");
    const set = await loadRecordedSet(Buffer.from(content, "base64")).catch((error: unknown) => {
      if (isWritError(error)) return "unloadable" as const;
      throw error;
    });
    if (set !== "unloadable" && set.digest !== digest) {
      this.#differs("the set that it pins has another digest than it says");
      return;
    }
    this.#sets.set(digest, set);
    const [oldest] = this.#sets.keys();
    if (this.#sets.size > SETS_MAX && oldest !== undefined) this.#sets.delete(oldest);
  }

  #decide(index: number, data: Members, inputs: Uint8Array): void {
    const digest = data["policy_digest"];
    const set = typeof digest === "string" ? this.#sets.get(digest) : undefined;
    if (set === undefined) return this.#leave("name policies that are not in the bundle, or were erased");
    if (set === "unloadable") return this.#leave("name policies that this version cannot load");
    if (set.engine !== data["policy_engine"]) return this.#leave("were made by another policy engine");
    const again = redecideRecord(set, data, inputs);
    this.#redecided += 1;
    if (again.is === "different" && this.#different.length < DIFFERENT_MAX)
      this.#different.push({ index, what: again.what });
  }

  #differs(what: string): void {
    if (this.#different.length < DIFFERENT_MAX) this.#different.push({ index: this.#current?.index ?? -1, what });
  }

  #leaveClosed(): void {
    if (this.#waits) this.#leave("have inputs that were erased or left closed");
    this.#waits = false;
  }

  #leave(why: string): void {
    this.#left.set(why, (this.#left.get(why) ?? 0) + 1);
  }
}
