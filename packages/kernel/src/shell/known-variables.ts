import { forEachChild, type ParsedScript, type SyntaxNode } from "unbash";

/** Words that set variables by names the tree does not show as assignments. */
const SETTER = /^(?:read|readarray|mapfile|getopts|unset|let|declare|typeset|local|export|readonly|wait|printf)$/;

/** Words after which any variable may hold anything. */
const UNBOUNDED = /^(?:eval|source|\.|trap|alias|enable|bind|set)$/;

/** How often the line sets each variable. A name is followed only when it is set once, by an assignment or a loop. */
export interface Settings {
  readonly times: ReadonlyMap<string, number>;
  /** Something in the line may set any of them. */
  readonly unbounded: boolean;
}

export function settingsOf(script: ParsedScript): Settings {
  const times = new Map<string, number>();
  let unbounded = false;
  const add = (name: string, count: number): void => void times.set(name, (times.get(name) ?? 0) + count);
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Assignment") add(node.name, node.append === true || node.index !== undefined ? 2 : 1);
    else if (node.type === "For" || node.type === "Select") add(node.name.value, 1);
    else if (node.type === "ParameterExpansion" && /^:?=$/.test(operatorOf(node.operation))) add(node.parameter, 2);
    else if (node.type === "ArithmeticWord") add(node.value, 2);
    else if (node.type === "FileDescriptorVariable") add(node.name, 2);
    else if (node.type === "Command") {
      const words = [node.name?.value ?? "", ...node.args.map((arg) => (arg.type === "Word" ? arg.value : arg.text))];
      // `command read x` and `builtin eval …` are met too: the word may stand anywhere.
      if (words.some((word) => UNBOUNDED.test(word) && !(word === "set" && plainSet(words)))) unbounded = true;
      const setter = words.find((word) => SETTER.test(word));
      if (setter !== undefined && (setter !== "printf" || words.some((word) => word.startsWith("-v")))) {
        for (const word of words) for (const [name] of word.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) add(name, 2);
      }
    }
    forEachChild(node, visit);
  };
  visit(script);
  return { times, unbounded };
}

function operatorOf(operation: { readonly operator: string } | undefined): string {
  return operation?.operator ?? "";
}

/** `set -euo pipefail` changes no variable. */
function plainSet(words: readonly string[]): boolean {
  return words.slice(1).every((word) => /^[-+][A-Za-z]+$|^[a-z]+$/.test(word));
}
