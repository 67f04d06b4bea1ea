import { requests } from "@writ/api";
import type { ActionRequest } from "@writ/engine";
import type { z } from "zod";
import { checked } from "./body.ts";

type Schemas = ReturnType<typeof requests>;

/** A proposal as the wire's schema lets it through: a command, or an action in words. */
export type ProposeBody = z.output<Schemas["command"]> | z.output<Schemas["statement"]>;

/** Checks a proposal. `process` tells the two forms apart, so each is checked once and told its own faults. */
export function checkedProposal(value: unknown): ProposeBody {
  const { command, statement } = requests();
  return isCommand(value) ? checked(command, value) : checked(statement, value);
}

/** The same without `id`: a check opens nothing that could be asked for again. */
export function checkedCheck(value: unknown): ProposeBody {
  const { commandCheck, statementCheck } = requests();
  return isCommand(value) ? checked(commandCheck, value) : checked(statementCheck, value);
}

function isCommand(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "process");
}

/** What the wire calls a proposal, as the engine takes it. */
export function toRequest(body: ProposeBody): ActionRequest {
  if ("process" in body) return { ...defined(body), action: "process.exec" } as ActionRequest;
  const { id, run, effects, action: text, kind, ...rest } = body;
  return defined({ id, run, effects, action: kind ?? "act", statement: defined({ text, ...rest }) });
}

/** The same object without keys that are undefined: absent and undefined are one thing on the wire. */
export type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
