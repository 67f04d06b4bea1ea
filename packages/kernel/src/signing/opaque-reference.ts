import { countCodePoints } from "../compat/code-points.ts";

const LENGTH_MAX = 2_048;

/**
 * The trimmed reference `namespace:id`, or undefined when the text is none or may be key material (spec kernel.md
 * §19.2). Only references cross the ports, never keys.
 */
export function opaqueReference(text: string): string | undefined {
  if (text.length > 2 * LENGTH_MAX || countCodePoints(text) > LENGTH_MAX || FORBIDDEN.test(text)) return undefined;
  const trimmed = text.trim();
  const [, namespace = "", id = ""] = /^([A-Za-z][A-Za-z0-9+._-]*):(\S+)$/u.exec(trimmed) ?? [];
  if (!/[\p{L}\p{N}]/u.test(id)) return undefined;
  if (MATERIAL.has(namespace.toLowerCase().replaceAll(/[+._-]/g, ""))) return undefined;
  return holdsArmour(trimmed) ? undefined : trimmed;
}

/** Control, format, surrogate, line and paragraph separators. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const MATERIAL: ReadonlySet<string> = new Set(["data", "pem", "pkcs8", "privatekeymaterial"]);
const ARMOUR = ["PRIVATEKEY", "PUBLICKEY", "CERTIFICATE"];

/** Between two `-----` marks only letters count, and a word may be cut by a mark: ten letters are carried over. */
function holdsArmour(text: string): boolean {
  const segments = text.split("-----");
  let carried = "";
  for (const segment of segments.slice(1, -1)) {
    const letters = carried + segment.toUpperCase().replaceAll(/[^A-Z]/g, "");
    if (ARMOUR.some((word) => letters.includes(word))) return true;
    carried = letters.slice(-10);
  }
  return false;
}
