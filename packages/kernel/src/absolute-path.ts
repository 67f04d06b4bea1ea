import { refuse, type FieldReader, type Place } from "./fields.ts";

/** Linux's PATH_MAX, less its NUL. */
const PATH_MAX = 4095;

/** Reads an absolute path in its one normal spelling: no `.`, `..`, empty part or trailing slash. */
export const absolutePath: FieldReader<string> = (value, at) => {
  if (typeof value !== "string") throw refuse(at, "must be text");
  checkPath(value, at);
  if (!value.startsWith("/")) throw refuse(at, "must be an absolute path");
  if (normalise(value) !== value) throw refuse(at, `must be spelled \`${normalise(value)}\``);
  return value;
};

/** The one normal spelling of `path`, seen from the absolute path `from`. Links are not followed: that is the runner's. */
export function resolvePath(from: string, path: string, at: Place): string {
  checkPath(path, at);
  return normalise(path.startsWith("/") ? path : `${from}/${path}`);
}

function checkPath(path: string, at: Place): void {
  if (path === "" || path.length > PATH_MAX) throw refuse(at, `must have 1 to ${String(PATH_MAX)} characters`);
  if (path.includes("\0")) throw refuse(at, "holds a NUL character");
  if (!path.isWellFormed()) throw refuse(at, "holds half of a surrogate pair");
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Whether `path` is `folder` or lies under it; both in normal spelling. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || folder === "/" || path.startsWith(`${folder}/`);
}
