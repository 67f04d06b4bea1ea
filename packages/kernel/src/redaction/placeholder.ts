/**
 * Whether the text holds no secret in the place of one: a mark that replaced it, a variable's name in braces, or a
 * literal that says no more than whether it is there.
 */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text.trim());
}

const PLACEHOLDER =
  /^(?:|<[a-z_]{1,40}>|\$\{[A-Za-z_][A-Za-z0-9_]{0,127}\}|\$\{\{[^{}]{1,128}\}\}|\*{1,64}|(?:true|false|null|none|nil|undefined)[,;]?)$/i;
