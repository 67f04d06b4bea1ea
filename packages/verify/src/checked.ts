/** Outcome of one check. A refusal names a stable code and says in one sentence what did not hold. */
export type Checked<Code extends string> =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: Code; readonly reason: string };

export function refused<Code extends string>(code: Code, reason: string): { ok: false; code: Code; reason: string } {
  return { ok: false, code, reason };
}
