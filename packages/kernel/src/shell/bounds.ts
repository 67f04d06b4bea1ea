/** Bounds of one command line. What passes them is opaque, never cut. */
export const SHELL_BOUNDS = {
  /** UTF-16 units of source, nested texts included: four times what a contract holds of arguments. */
  textMax: 96 * 1024,
  /** Substitutions, compound commands and wrappers within each other; people write three or four. */
  depthMax: 24,
  /** Words of all commands together, after brace expansion. */
  wordsMax: 8_192,
  /** Words that one brace expansion may become. */
  braceWordsMax: 256,
} as const;
