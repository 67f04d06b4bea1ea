import type { SyntaxNode } from "unbash";

/**
 * Text that a plain POSIX shell reads otherwise than Bash, so that `sh -c` could run what Bash only compares or
 * quotes. Returns it as the other shell would run it; null where both agree.
 */
export function otherReading(node: SyntaxNode): string | null {
  switch (node.type) {
    // `((rm -x))` is two subshells there.
    case "ArithmeticCommand":
      return /^\s*[A-Za-z_][\w.-]*(?:\s|$)/.test(node.body) ? node.body : null;
    // `[[ a && rm ]]` is two commands there.
    case "TestLogical":
      return node.operands
        .slice(1)
        .map((operand) => (operand.type === "TestUnary" ? operand.operand.text : ""))
        .filter((text) => text !== "")
        .join("\n");
    default:
      return null;
  }
}

/** `$'\''` ends at its second quote there, and what follows would run. */
export function endsEarly(node: SyntaxNode): boolean {
  return node.type === "AnsiCQuoted" && /\\'/.test(node.text) && /[;|&\n`]|\$\(/.test(node.text);
}
