import type { CanonErrorCode } from "./error-code.ts";
import { WritError } from "./error.ts";

/** The error of the strict reader: what is wrong, and where. */
export function jsonRefusal(
  code: CanonErrorCode,
  message: string,
  position: number,
  limit?: number,
): WritError<CanonErrorCode> {
  return new WritError({
    code,
    message: `${message} at position \`${position}\``,
    reason: "JSON is read strictly, so that every reader understands the same value",
    next: "correct the text and send it again",
    details: limit === undefined ? { position } : { position, limit },
  });
}
