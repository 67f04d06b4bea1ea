import { call, type Answer, type Call } from "./http.ts";
import type { House } from "./house.ts";

/** What the tests read of an action on the wire. */
export interface Action {
  readonly id: string;
  readonly state: string;
  readonly decision: string;
  readonly permitted: boolean;
  readonly digest: string;
  readonly index: number;
  readonly hold: { readonly approvals_required: number; readonly approvals_given: readonly unknown[] } | null;
  readonly receipt: { readonly outcome: string; readonly mode: string } | null;
  readonly entries: readonly { readonly index: number; readonly kind: string }[];
  readonly [key: string]: unknown;
}

/** Proposes with the agent's token. */
export async function propose(house: House, body: object, token = house.tokens.agent): Promise<Action> {
  return succeeded(await call(house, "/api/actions", { body, token })) as Action;
}

export async function govern(house: House, fields: object): Promise<void> {
  succeeded(await call(house, "/api/governance", { body: fields, token: house.tokens.anna }));
}

/** Calls one verb of an action. */
export function act(house: House, id: string, verb: string, body: object, token: string): Promise<Answer> {
  const options: Call = { body, token };
  return call(house, `/api/actions/${id}/${verb}`, options);
}

export async function logSize(house: House): Promise<number> {
  const { log } = succeeded(await call(house, "/api/status", { token: house.tokens.anna })) as {
    log: { size: number };
  };
  return log.size;
}

/** The body of an answer that must not be a refusal. */
export function succeeded(answer: Answer): unknown {
  if (answer.status >= 300) throw new Error(`${String(answer.status)} ${answer.text}`);
  return answer.json();
}
