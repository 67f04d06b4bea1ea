import type { ExactJson } from "@writ/canon";
import { member, textMember, type ExactRecord } from "../compat/exact-record.ts";

/** How much a mode permits: a dry run is less than a live one, and what is unknown is more than both. */
export function modeLevel(mode: ExactJson | undefined): number {
  if (mode === "dry_run") return 0;
  return mode === "live" ? 1 : 99;
}

/** A ticket's mode: its scope's, else its limits'. */
export function ticketMode(ticket: ExactRecord): string | undefined {
  const bound = textMember(member(ticket, "scope_binding"), "mode");
  return bound === undefined || bound === "" ? textMember(member(ticket, "execution_limits"), "mode") : bound;
}
