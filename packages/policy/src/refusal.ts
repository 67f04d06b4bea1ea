import { WritError } from "@writ/canon";

import type { PolicyErrorCode } from "./error-code.ts";

type Details = Readonly<Record<string, string | number | boolean | null>>;

/** A policy text or set that must not be used. */
export function policyRefusal(
  code: PolicyErrorCode,
  message: string,
  next: string,
  details: Details = {},
  cause?: unknown,
): WritError<PolicyErrorCode> {
  return new WritError({
    code,
    message,
    reason: "one faulty policy refuses the whole set, so that no rule is silently missing",
    next,
    details,
    cause,
  });
}

/** A request that cannot be decided on; `path` says where, for example `context.address`. */
export function requestRefusal(path: string, fault: string): WritError<PolicyErrorCode> {
  return new WritError({
    code: "POLICY_REQUEST",
    message: `the request's \`${path}\` ${fault}`,
    reason: "a decision is only made on a well-formed request that fits the schema",
    next: "correct the request; it was not decided",
    details: { path },
  });
}

/** Entities that cannot be used; `path` says where. */
export function entityRefusal(path: string, fault: string): WritError<PolicyErrorCode> {
  return new WritError({
    code: "POLICY_ENTITIES",
    message: `entity data: \`${path}\` ${fault}`,
    reason: "decisions are only made over entities that are well-formed and fit the schema",
    next: "correct the entities and load them again",
    details: { path },
  });
}
