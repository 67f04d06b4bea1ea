import { forEachChild, type ParsedScript, type SyntaxNode } from "unbash";

/** One thing that may stand between the parts of a syntax tree: blanks, operators, reserved words, comments. */
const BETWEEN =
  /\s+|\\\r?\n|[&|;(){}!<>]|\[\[|\]\]|(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|function|select|coproc|time)(?![\w-])|#[^\n]*/y;

/**
 * Whether the tree accounts for every character: a command that a tolerant parser passes over would otherwise run
 * unseen. Checked with an own small rule, because it is the parser that is not trusted here.
 */
export function coversSource(script: ParsedScript, source: string): boolean {
  const covered: (readonly [number, number])[] = [];
  collect(script, covered);
  covered.sort(([left], [right]) => left - right);
  let at = script.pos;
  for (const [pos, end] of covered) {
    if (!onlyBetween(source, at, pos)) return false;
    at = Math.max(at, end);
  }
  return onlyBetween(source, at, script.end);
}

function onlyBetween(source: string, from: number, end: number): boolean {
  let at = from;
  while (at < end) {
    BETWEEN.lastIndex = at;
    if (!BETWEEN.test(source)) return false;
    at = BETWEEN.lastIndex;
  }
  return true;
}

/** The smallest nodes that own their text whole; what is inside a word is the word's. */
function collect(node: SyntaxNode, covered: (readonly [number, number])[]): void {
  switch (node.type) {
    case "Word":
    case "Assignment":
    case "ArithmeticCommand":
    case "HereDocBody":
    case "TestCommand":
      covered.push([node.pos, node.end]);
      return;
    case "HereDoc":
      covered.push([node.pos, node.end]);
      if (node.closing !== undefined) covered.push([node.closing.pos, node.closing.end]);
      break;
    case "Redirect":
    case "HereString":
      covered.push([node.pos, node.end]);
      return;
    case "ArithmeticFor":
      // The three expressions stand before the body; their text is theirs.
      covered.push([node.pos, node.body.pos]);
      break;
    case "Time":
      covered.push([node.pos, node.end]);
      return;
    default:
  }
  forEachChild(node, (child) => collect(child, covered));
}
