import { WritError } from "@writ/canon";
import { redactDocument } from "@writ/kernel/security";
import { outputFor, type CommonOptions } from "../command.ts";
import { readStandardInput } from "../terminal/standard-input.ts";
import { readBytes } from "./kernel-files.ts";

/** `writ kernel redact [file|-]`: the document without its secrets. */
export async function redact(file: string | undefined, options: CommonOptions): Promise<number> {
  const fromInput = file === undefined || file === "-";
  const source = textOf(fromInput ? (await readStandardInput()).content : readBytes(file), file ?? "-");
  const document = redactDocument(source);
  // Into a pipe or a file the document goes as it is: a visible control character would be another document.
  if (options.json !== true && !process.stdout.isTTY) process.stdout.write(document.text);
  else outputFor(options).result(document, () => document.text.split("\n"));
  return 0;
}

/** In another encoding a secret stands between bytes that hide it, so nothing else is read. */
function textOf(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Refused below, as text with NUL is.
  }
  throw new WritError({
    code: "FILE_UNREADABLE",
    message: `\`${file}\` is no text in UTF-8`,
    reason: "secrets are found in text that is read rightly; what cannot be read could hide one",
    next: "convert it to UTF-8 first",
  });
}
