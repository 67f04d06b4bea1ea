import { forEachChild, type SyntaxNode } from "unbash";

/**
 * An index of a variable is arithmetic, and arithmetic runs the substitutions in it, even where quotes kept them from
 * running before: `[[ -v 'a[$(cmd)]' ]]`, `x='a[$(cmd)]'; ((x))`.
 */
export function isSubscriptCode(text: string): boolean {
  const at = text.search(/\w\[/);
  return at !== -1 && /\$\(|`/.test(text.slice(at));
}

/** Whether quoted text below a node would be such an index. */
export function holdsSubscriptCode(node: SyntaxNode): boolean {
  if (node.type === "Script") return false;
  if (node.type === "SingleQuoted" || node.type === "AnsiCQuoted" || node.type === "Literal") {
    if (isSubscriptCode(node.value)) return true;
  }
  if (node.type === "Word" && node.parts === undefined && isSubscriptCode(node.value)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= holdsSubscriptCode(child);
  });
  return found;
}
