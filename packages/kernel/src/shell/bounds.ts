/** Bounds of one command line. What passes them is opaque, never cut. */
export const SHELL_BOUNDS = {
  /** UTF-16 units of source, nested texts included: somewhat more than a contract holds of arguments (24 KiB). */
  textMax: 32 * 1024,
  /** Substitutions, compound commands and wrappers within each other; people write three or four. */
  depthMax: 24,
  /** Words of all commands together, after brace expansion. */
  wordsMax: 4_096,
  /** Findings that a report holds; one is enough for the verdict. */
  findingsMax: 256,
  /** Words that one brace expansion may become. */
  braceWordsMax: 256,
} as const;
