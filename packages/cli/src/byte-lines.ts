const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Lines as the bytes they are, without LF or CR LF at their end. Of a line longer than `bytesMax` only one byte more
 * than that is kept, by which its reader sees that it is too long.
 */
export async function* byteLines(chunks: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const add = (bytes: Uint8Array): void => {
    const kept = bytes.subarray(0, bytesMax + 1 - size);
    if (kept.length > 0) parts.push(kept);
    size += kept.length;
  };
  const take = (): Uint8Array => {
    const line = Buffer.concat(parts, size);
    parts = [];
    size = 0;
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, at));
      yield take();
      from = at + 1;
    }
    add(chunk.subarray(from));
  }
  if (size > 0) yield take();
}
