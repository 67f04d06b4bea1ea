import { inside, refuse, type FieldReader } from "../fields.ts";

/** A list in which nothing is said twice; `nameOf` is what makes two items the same. */
export function distinct<T>(
  read: FieldReader<readonly T[]>,
  nameOf: (item: T) => unknown = (item) => item,
): FieldReader<readonly T[]> {
  return (value, at) => {
    const items = read(value, at);
    const names = items.map(nameOf);
    const repeated = names.findIndex((name, index) => names.indexOf(name) !== index);
    if (repeated !== -1) throw refuse(inside(at, String(repeated)), "is given twice");
    return items;
  };
}
