import { ERROR_TABLE, type ErrorClass } from "./errors.ts";

const unknownFault: ErrorClass = { status: 500, exit: 1 };

/** The row of a code. A code without a row is a fault of ours: 500, exit 1; a test keeps the table complete. */
export function classify(code: string): ErrorClass {
  return Object.hasOwn(ERROR_TABLE, code) ? ERROR_TABLE[code as keyof typeof ERROR_TABLE] : unknownFault;
}
