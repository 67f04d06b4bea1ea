import type { JsonValue } from "@writ/canon";
import { refuse, text, type FieldReader, type Place } from "../fields.ts";

export const SPEC_PLACE: Place = { code: "EXECUTION_SPEC_INVALID", path: "" };

/** Most arguments of one step with its decoration, and longest of them. */
export const ARGUMENTS_MAX = 128;
export const ARGUMENT_MAX = 4_096;
/** Most steps of one spec: a chain of two with a probe before it. */
export const STEPS_MAX = 3;
/** Most hosts, tools, names in one list. */
export const ITEMS_MAX = 256;

/** Text in normalisation form C: one text has one digest. */
export function plainText(max: number, min = 0): FieldReader<string> {
  const read = text({ min, max });
  return (value, at) => {
    const found = read(value, at);
    if (found.normalize("NFC") !== found) throw refuse(at, "is not in normalisation form C");
    return found;
  };
}

/** A constant. */
export function constant<const T extends string | boolean>(expected: T): FieldReader<T> {
  return (value: JsonValue | undefined, at) => {
    if (value !== expected) throw refuse(at, `must be \`${String(expected)}\``);
    return expected;
  };
}
