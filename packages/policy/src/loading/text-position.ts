/** Line and column, both from 1, of a UTF-8 byte offset. Columns count characters (code points). */
export function textPosition(text: string, byteOffset: number): { readonly line: number; readonly column: number } {
  const before = Buffer.from(text, "utf8").subarray(0, byteOffset).toString("utf8");
  const lines = before.split("\n");
  return { line: lines.length, column: Array.from(lines[lines.length - 1]!).length + 1 };
}
