import { GOVERNANCE_FIELDS, resolveMode, resolvePosture, resolveRole } from "@writ/policy";

import type { EngineError } from "./errors.ts";
import { engineError } from "./errors.ts";
import type { GovernanceFields, GovernancePatch } from "./request.ts";

/** The defaults of spec command.md §4. */
export const GOVERNANCE_DEFAULTS: GovernanceFields = Object.fromEntries(
  GOVERNANCE_FIELDS.map((field) => [field.name, field.default]),
) as unknown as GovernanceFields;

/** Longest free text of a field. */
const TEXT_MAX = 256;

/**
 * The fields after a patch: known words in their canonical spelling, the rest as it was. Throws
 * `GOVERNANCE_INVALID` for an unknown field or word, and for a patch that names none.
 */
export function patchGovernance(before: GovernanceFields, patch: GovernancePatch): GovernanceFields {
  const names = Object.keys(patch);
  if (names.length === 0) throw invalid("governance", "", "name at least one of the thirteen fields");
  const after: { [name: string]: string | number } = {};
  for (const { name } of GOVERNANCE_FIELDS) after[name] = before[name];
  for (const name of names) {
    const field = GOVERNANCE_FIELDS.find((one) => one.name === name);
    if (field === undefined) throw invalid(name.slice(0, 64), "", "it is none of the thirteen fields");
    after[name] = canonicalValue(field, (patch as { readonly [name: string]: unknown })[name]);
  }
  return after as unknown as GovernanceFields;
}

function canonicalValue(field: (typeof GOVERNANCE_FIELDS)[number], value: unknown): string | number {
  if (field.type === "number") return fraction(field.name, value);
  if (typeof value !== "string" || value.length === 0 || value.length > TEXT_MAX) {
    throw invalid(field.name, show(value), `it is a text of 1 to ${TEXT_MAX} characters`);
  }
  if (field.vocabulary === null) return value;
  const found = resolved(field.name, value) ?? field.vocabulary.find((word) => same(word, value));
  if (found === undefined) throw invalid(field.name, value, `it is one of: ${field.vocabulary.join(", ")}`);
  return found;
}

function resolved(name: string, value: string): string | undefined {
  if (name === "mode") return resolveMode(value);
  if (name === "posture") return resolvePosture(value);
  return name === "role" ? resolveRole(value) : undefined;
}

function same(word: string, value: string): boolean {
  return word.toLowerCase() === value.trim().replaceAll(/\s+/gu, " ").toLowerCase();
}

const FRACTION = /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/;

function fraction(name: string, value: unknown): number {
  const number = typeof value === "string" && FRACTION.test(value) ? Number(value) : value;
  if (typeof number === "number" && number >= 0 && number <= 1) return Math.round(number * 1e6) / 1e6;
  throw invalid(name, show(value), "it is a number from 0 to 1");
}

function show(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).slice(0, 64) : typeof value;
}

function invalid(field: string, value: string, reason: string): EngineError {
  return engineError({
    code: "GOVERNANCE_INVALID",
    message: `governance field \`${field}\` cannot be \`${value.slice(0, 64)}\``,
    reason,
    next: "choose a listed value; nothing was changed",
    details: { field, value: value.slice(0, 64) },
  });
}
