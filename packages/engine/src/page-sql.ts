import type { SqlValue } from "@writ/store";

import type { ActionState } from "./request.ts";

/** One page of a list. */
export interface PageQuery {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Actions newest first, below `before`. */
export function actionPage(filter: {
  readonly tenant: string;
  readonly state: ActionState | undefined;
  readonly run: string | undefined;
  readonly principal: string | undefined;
  readonly before: number;
  readonly limit: number;
}): PageQuery {
  const { tenant, state, run, principal, before, limit } = filter;
  const given = [
    { column: "state", value: state },
    { column: "run", value: run },
    { column: "principal", value: principal },
  ].flatMap(({ column, value }) => (value === undefined ? [] : [{ column, value }]));
  const conditions = given.map(({ column }) => `AND ${column} = ?`).join(" ");
  return {
    sql: `SELECT contract, doc FROM view_action WHERE tenant = ? AND idx < ? ${conditions} ORDER BY idx DESC LIMIT ?`,
    params: [tenant, before, ...given.map(({ value }) => value), limit],
  };
}

/** Indexes of entries oldest first, above `after`. */
export function entryPage(filter: {
  readonly tenant: string;
  readonly run: string | undefined;
  readonly kind: string | undefined;
  readonly after: number;
  readonly limit: number;
}): PageQuery {
  const { tenant, run, kind, after, limit } = filter;
  const given = [
    { column: "run", value: run },
    { column: "kind", value: kind },
  ].flatMap(({ column, value }) => (value === undefined ? [] : [{ column, value }]));
  const conditions = given.map(({ column }) => `AND ${column} = ?`).join(" ");
  return {
    sql: `SELECT idx FROM view_entry WHERE tenant = ? AND idx > ? ${conditions} ORDER BY idx LIMIT ?`,
    params: [tenant, after, ...given.map(({ value }) => value), limit],
  };
}
