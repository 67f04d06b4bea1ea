import { WritError } from "@writ/canon";

/** An id as one part of a route; an empty one or dots would name another route. @throws WritError `USAGE`. */
export function idPart(id: string): string {
  if (!/^\.{0,2}$/.test(id)) return encodeURIComponent(id);
  throw new WritError({
    code: "USAGE",
    message: id === "" ? "the id is empty" : `\`${id}\` is no id`,
    reason: "an id names exactly one thing",
    next: "`writ inbox`, `writ token list` and `writ log list` show ids",
  });
}

/** An entry's index as one part of a route. @throws WritError `USAGE`. */
export function indexPart(index: string): string {
  if (/^\d{1,15}$/.test(index)) return index;
  throw new WritError({
    code: "USAGE",
    message: `\`${index}\` is no index of an entry`,
    reason: "entries are numbered from 0",
    next: "`writ log list` shows them",
  });
}
