/** One thing wrong with an action. */
export interface Fault {
  readonly code: string;
  /** Number of the rule of spec kernel.md §27 by which the product refuses what the reference accepts. */
  readonly rule?: number;
}

export function fault(code: string, rule?: number): Fault {
  return { code, ...(rule !== undefined && { rule }) };
}

export function codesOf(faults: readonly Fault[]): readonly string[] {
  return faults.map(({ code }) => code);
}
