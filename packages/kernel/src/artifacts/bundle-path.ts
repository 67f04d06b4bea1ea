/** Longest path in UTF-16 units; every byte bound of spec kernel.md §2.4 is above it. */
const PATH_LENGTH_MAX = 4_096;

/**
 * A manifest path without `.` and `..` parts, or undefined when it would leave the bundle's root. Separators are `/`;
 * a backslash, a drive or an absolute path never stays under the root everywhere, so none is accepted.
 */
export function pathUnderRoot(path: string): string | undefined {
  if (path.length > PATH_LENGTH_MAX || /^[/\\]|^[A-Za-z]:|[\\\0]/.test(path)) return undefined;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") {
      parts.push(part);
    }
  }
  return parts.length === 0 ? undefined : parts.join("/");
}
