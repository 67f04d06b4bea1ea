import { forEachChild, type ParsedScript, type SyntaxNode } from "unbash";

/** Words that set variables by names the tree does not show as assignments. */
const SETTER = /^(?:read|readarray|mapfile|getopts|unset|let|declare|typeset|local|export|readonly|wait|printf)$/;

/** Those whose words are assignments, and are judged as such. */
const DECLARES = /^(?:declare|typeset|local|export|readonly)$/;

/** Words after which any variable may hold anything. */
const UNBOUNDED = /^(?:eval|source|\.|trap|alias|enable|bind|set)$/;

/** How often the line sets each variable. A name is followed only when it is set once, by an assignment or a loop. */
export interface Settings {
  readonly times: ReadonlyMap<string, number>;
  /** Names set otherwise than by an assignment or a declaration: by loops, `read`, expansions, arithmetic. */
  readonly indirect: ReadonlySet<string>;
  /** Something in the line may set any of them. */
  readonly unbounded: boolean;
}

export function settingsOf(script: ParsedScript): Settings {
  const times = new Map<string, number>();
  const indirect = new Set<string>();
  let unbounded = false;
  const add = (name: string, count: number): void => void times.set(name, (times.get(name) ?? 0) + count);
  const addIndirect = (name: string, count: number): void => {
    indirect.add(name);
    add(name, count);
  };
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Assignment") add(node.name, node.append === true || node.index !== undefined ? 2 : 1);
    else if (node.type === "For" || node.type === "Select") addIndirect(node.name.value, 1);
    else if (node.type === "Coproc" && node.name !== undefined) addIndirect(node.name.value, 2);
    else if (node.type === "ParameterExpansion" && /^:?=$/.test(operatorOf(node.operation)))
      addIndirect(node.parameter, 2);
    else if (node.type === "ArithmeticWord") addIndirect(node.value, 2);
    else if (node.type === "FileDescriptorVariable") addIndirect(node.name, 2);
    else if (node.type === "Command") {
      const words = [node.name?.value ?? "", ...node.args.map((arg) => (arg.type === "Word" ? arg.value : arg.text))];
      // `command read x` and `builtin eval …` are met too: the word may stand anywhere.
      if (words.some((word) => UNBOUNDED.test(word) && !(word === "set" && plainSet(words)))) unbounded = true;
      const setter = words.find((word) => SETTER.test(word));
      if (setter !== undefined && (setter !== "printf" || words.some((word) => word.startsWith("-v")))) {
        const note = DECLARES.test(setter) ? add : addIndirect;
        for (const word of words) for (const [name] of word.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) note(name, 2);
      }
    }
    forEachChild(node, visit);
  };
  visit(script);
  return { times, indirect, unbounded };
}

function operatorOf(operation: { readonly operator: string } | undefined): string {
  return operation?.operator ?? "";
}

/** `set -euo pipefail` changes no variable. */
function plainSet(words: readonly string[]): boolean {
  return words.slice(1).every((word) => /^[-+][A-Za-z]+$|^[a-z]+$/.test(word));
}
