import { Transform, type TransformCallback } from "node:stream";
import { BODY_BYTES_MAX, BODY_DEPTH_MAX } from "@writ/api";
import { parseJson, WritError } from "@writ/canon";

const LINE_FEED = 0x0a;

/** What JSON-RPC puts around the arguments: the message, its `params`, their `arguments`. */
const ENVELOPE_DEPTH = 3;

/** JSON-RPC 2.0 §5.1, with the id that it prescribes where none could be read. */
const PARSE_ERROR = -32700;

/**
 * Messages of MCP on stdio, one a line, as strictly as over HTTP: UTF-8, no key twice, depth and size bounded. A line that
 * is none goes to `refuse` as a JSON-RPC error, and the next is read; an over-long one is not kept.
 */
export function strictMessages(refuse: (answer: string) => void): Transform {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (bytes: Buffer): void => {
    size += bytes.length;
    if (size <= BODY_BYTES_MAX) parts.push(bytes);
    else parts = [];
  };
  const end = (): Buffer | null => {
    const [line, length] = [Buffer.concat(parts), size];
    parts = [];
    size = 0;
    if (length > BODY_BYTES_MAX) refuse(parseError(`the message is larger than ${String(BODY_BYTES_MAX)} bytes`));
    else if (line.toString("latin1").trim() !== "") return checkedLine(line, refuse);
    return null;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
        add(chunk.subarray(from, at));
        const line = end();
        if (line !== null) this.push(line);
        from = at + 1;
      }
      add(chunk.subarray(from));
      done();
    },
    flush(done) {
      done(null, end());
    },
  });
}

function checkedLine(line: Buffer, refuse: (answer: string) => void): Buffer | null {
  try {
    parseJson(line, { maxBytes: BODY_BYTES_MAX, maxDepth: BODY_DEPTH_MAX + ENVELOPE_DEPTH });
    return Buffer.concat([line, Buffer.of(LINE_FEED)]);
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    refuse(parseError(error.message));
    return null;
  }
}

function parseError(message: string): string {
  return `${JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: PARSE_ERROR, message } })}\n`;
}
