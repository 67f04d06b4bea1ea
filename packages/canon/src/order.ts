/**
 * Order of two strings by UTF-16 code units, as RFC 8785 §3.2.3 sorts keys: negative, zero or positive.
 * The same on every machine and in every language setting.
 */
export function compareCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
