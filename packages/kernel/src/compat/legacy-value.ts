import { WritError } from "@writ/canon";
import type { CompatErrorCode } from "./error-code.ts";

/** The refusal of a legacy recipe; `reason` is the reference's code, `rule` that of spec kernel.md §27 where it accepts. */
export function legacyRefusal(reason: string, message: string, rule?: number): WritError<CompatErrorCode> {
  return new WritError({
    code: "LEGACY_VALUE",
    message,
    reason: "the recipe has no form for this value, so it can have no digest",
    next: "send a value that the recipe's reference describes",
    details: { reason, ...(rule !== undefined && { rule }) },
  });
}
