import type { VerifyOptions } from "./bundle.ts";
import { parseBundleLine } from "./bundle-line.ts";
import type { BundleLine } from "./bundle-line.ts";
import { BundleEntries } from "./bundle-entries.ts";
import { EntryScan } from "./entry-scan.ts";
import { scanEntryLine } from "./entry-line-scan.ts";
import { toHex } from "./encoding.ts";
import { VerifyError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { RunningDigest } from "./running-digest.ts";
import { Report } from "./verdict.ts";
import type { VerifyResult } from "./verdict.ts";

const END_PREFIX = new TextEncoder().encode('{"end":');

/** The outer shape of a bundle: lines, their order, and the last one. What they hold is judged by `BundleEntries`. */
export class BundleReader {
  readonly #report = new Report("bundle");
  readonly #digest = new RunningDigest();
  readonly #content: BundleEntries;
  readonly #entryScan = new EntryScan();
  readonly #readsAll: boolean;
  #lines = 0;
  #ended = false;
  /** Set by the first line that cannot be read: after it, lines mean nothing any more. */
  #lost = false;

  constructor(options: VerifyOptions) {
    this.#readsAll = options.audit === true;
    this.#content = new BundleEntries(this.#report, options);
  }

  /** One line with its newline; `offset` is where it starts. */
  line(bytes: Uint8Array, offset: number): void {
    this.#lines += 1;
    if (this.#ended) return this.#trailing(offset);
    const isEnd = startsWith(bytes, END_PREFIX);
    const digest = isEnd ? toHex(this.#digest.digest()) : "";
    if (!isEnd) this.#digest.update(bytes);
    if (this.#lost && !isEnd) return;
    try {
      if (!isEnd && !this.#readsAll && this.#scan(bytes)) return;
      const line = parseBundleLine(bytes.subarray(0, -1));
      if (line.type === "end") this.#end(line, digest, offset);
      else this.#content.line(line, this.#lines, offset);
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error;
      this.refuse(error, offset);
      this.#ended ||= isEnd;
    }
  }

  // Nearly all lines are entries of a stretch, and those have a short way. Whatever is unusual takes the long one.
  #scan(bytes: Uint8Array): boolean {
    const scan = this.#entryScan;
    const index = scanEntryLine(bytes, scan);
    return index !== undefined && !scan.needsReading && this.#content.scanned(index, scan, this.#lines);
  }

  finish(tail: Uint8Array, offset: number): void {
    if (this.#ended && tail.length > 0) this.#trailing(offset);
    if (!this.#ended) this.#cut(tail, offset);
    this.#content.finish({ ended: this.#ended, lost: this.#lost, line: this.#lines });
  }

  /** A line that cannot be read. */
  refuse(error: VerifyError, offset: number): void {
    this.#lost = true;
    const { position } = error.details;
    const byte = typeof position === "number" ? offset + position : offset;
    const what = `line \`${this.#lines}\`: ${error.message}: ${error.reason}`;
    this.#report.add({ code: error.code, aspect: "integrity", where: { line: this.#lines, byte }, what });
  }

  result(): VerifyResult {
    return this.#report.result();
  }

  #end(end: Extract<BundleLine, { type: "end" }>, digest: string, offset: number): void {
    this.#ended = true;
    const before = this.#lines - 1;
    const where = { line: this.#lines, byte: offset };
    if (end.lines !== before) {
      const what = `the last line counts \`${end.lines}\` lines before it, there are \`${before}\``;
      this.#report.add({
        code: end.lines > before ? "LINES_MISSING" : "LINES_ADDED",
        aspect: "integrity",
        where,
        what,
      });
    }
    if (end.sha256 !== digest) {
      const what = "the lines before the last one do not have the digest that it states: something was changed";
      this.#report.add({ code: "DIGEST_MISMATCH", aspect: "integrity", where, what });
    }
  }

  #trailing(offset: number): void {
    const what = "bytes follow the last line";
    this.#report.add({ code: "TRAILING_BYTES", aspect: "integrity", where: { line: this.#lines, byte: offset }, what });
  }

  // A cut line is the beginning of a good one; anything else at the end was changed, not cut.
  #cut(tail: Uint8Array, offset: number): void {
    const error = tail.length === 0 ? undefined : faultOf(tail);
    if (error !== undefined) {
      this.#lines += 1;
      return this.refuse(error, offset);
    }
    const where = { line: this.#lines + 1, byte: offset + tail.length };
    const what = `the file ends before its last line, after \`${this.#lines}\` whole lines: it was cut`;
    this.#report.add({ code: "TRUNCATED", aspect: "completeness", where, what });
  }
}

function faultOf(tail: Uint8Array): VerifyError | undefined {
  let length = 0;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(tail, { stream: true });
    length = text.length;
    parseJson(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof VerifyError)) {
      return new VerifyError({ code: "ENCODING", message: "a line is not UTF-8", reason: String(error) });
    }
    return error.details["position"] === length ? undefined : error;
  }
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  for (let at = 0; at < prefix.length; at += 1) if (bytes[at] !== prefix[at]) return false;
  return true;
}
