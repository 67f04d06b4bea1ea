import { ACTION_NAMES, EFFECTS } from "@writ/kernel";

import { invalidRequest } from "./errors.ts";
import type { ActionRequest } from "./request.ts";

type Rule = (field: string, value: unknown) => void;

/**
 * Refuses requests that are not even of the described form, before anything is made of them. Bounds and spellings
 * are the kernel's to check; here no field may be unknown or of another type.
 */
export function checkRequest(request: ActionRequest): void {
  REQUEST("request", request);
}

const text: Rule = (field, value) => {
  if (typeof value !== "string" || !value.isWellFormed()) throw invalidRequest(field, "it is well-formed text");
};
const flag: Rule = (field, value) => {
  if (typeof value !== "boolean") throw invalidRequest(field, "it is true or false");
};
const number: Rule = (field, value) => {
  if (typeof value !== "number") throw invalidRequest(field, "it is a number");
};
const json: Rule = () => {};

function words(known: readonly string[]): Rule {
  return (field, value) => {
    if (typeof value !== "string" || !known.includes(value))
      throw invalidRequest(field, `it is one of: ${known.join(", ")}`);
  };
}

/** Lists are cut by the kernel at smaller bounds; this one keeps the check itself short. */
const LIST_MAX = 1_024;

function list(item: Rule): Rule {
  return (field, value) => {
    if (!Array.isArray(value) || value.length > LIST_MAX)
      throw invalidRequest(field, `it is a list of at most ${LIST_MAX}`);
    for (const one of value as readonly unknown[]) item(field, one);
  };
}

function nullable(rule: Rule): Rule {
  return (field, value) => {
    if (value !== null) rule(field, value);
  };
}

/** A closed object; `undefined` counts as absent, and fields after `needed` are optional. */
function object(fields: { readonly [name: string]: Rule }, needed: readonly string[] = []): Rule {
  const rules = new Map(Object.entries(fields));
  return (field, value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw invalidRequest(field, "it is an object");
    const members = value as { readonly [name: string]: unknown };
    for (const name of needed) {
      if (members[name] === undefined) throw invalidRequest(`${field}.${name}`, "it is missing");
    }
    for (const [name, member] of Object.entries(members)) {
      const rule = rules.get(name);
      if (rule === undefined) throw invalidRequest(`${field}.${name.slice(0, 64)}`, "it is not a known field");
      if (member !== undefined) rule(`${field}.${name}`, member);
    }
  };
}

const REQUEST = object(
  {
    id: text,
    run: text,
    action: words(ACTION_NAMES),
    process: object(
      {
        argv: list(text),
        cwd: text,
        environment: list(text),
        stdin: nullable(object({ sha256: text, bytes: number }, ["sha256", "bytes"])),
      },
      ["argv", "cwd"],
    ),
    statement: object(
      {
        text,
        tool: text,
        args: json,
        target: text,
        amount: text,
        position: text,
        rationale: text,
        evidence: list(text),
      },
      ["text"],
    ),
    effects: list(words(EFFECTS)),
    scope: object({ write: list(text), read: list(text), network: words(["none", "host"]) }),
    limits: object({ time_ms: number, output_bytes: number, processes: number }),
    live: flag,
  },
  ["action"],
);
