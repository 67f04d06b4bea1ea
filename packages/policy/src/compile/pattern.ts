/**
 * `like`: literal runs between wildcards. Prefix and suffix may not overlap; the runs between are found from
 * left to right, which is enough because `*` matches any text. Strings hold no lone surrogate, so searching
 * UTF-16 units finds the same as searching code points. `undefined` when `pattern` is not of EST's form.
 */
export function compilePattern(pattern: unknown): ((text: string) => boolean) | undefined {
  const runs = literalRuns(pattern);
  if (runs === undefined) return undefined;
  const [first = "", ...rest] = runs;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  const least = first.length + last.length;
  return (text) => {
    if (text.length < least || !text.startsWith(first) || !text.endsWith(last)) return false;
    return inOrder(text, rest, first.length, text.length - last.length);
  };
}

function literalRuns(pattern: unknown): string[] | undefined {
  if (!Array.isArray(pattern)) return undefined;
  const runs = [""];
  for (const element of pattern as readonly unknown[]) {
    if (element === "Wildcard") {
      runs.push("");
      continue;
    }
    const literal =
      typeof element === "object" && element !== null ? (element as { Literal?: unknown }).Literal : undefined;
    if (typeof literal !== "string") return undefined;
    runs[runs.length - 1] += literal;
  }
  return runs;
}

function inOrder(text: string, runs: readonly string[], from: number, end: number): boolean {
  let position = from;
  for (const run of runs) {
    const found = text.indexOf(run, position);
    if (found < 0 || found + run.length > end) return false;
    position = found + run.length;
  }
  return true;
}
