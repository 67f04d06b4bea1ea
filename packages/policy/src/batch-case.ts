import { WritError } from "@writ/canon";

import type { PolicyErrorCode } from "./error-code.ts";
import { isPlainObject, type JsonObject } from "./input/plain-json.ts";
import type { EntityJson, PolicyRequest } from "./types.ts";

/** One line of a batch. */
export interface BatchCase {
  readonly name: string;
  readonly policies: string;
  readonly schema: string | undefined;
  readonly entities: readonly EntityJson[];
  readonly shouldValidate: boolean;
  readonly requests: readonly BatchRequest[];
}

/** Its parts are checked when it is decided. */
export interface BatchRequest extends PolicyRequest {
  readonly validateRequest: boolean;
}

/** Checks the outer form; `POLICY_BATCH` names the field at fault. Entities and requests are checked on use. */
export function readBatchCase(json: unknown): BatchCase {
  if (!isPlainObject(json)) throw batchRefusal("line", "is not an object");
  const { entities, requests } = json;
  if (!Array.isArray(entities)) throw batchRefusal("entities", "is not a list");
  if (!Array.isArray(requests)) throw batchRefusal("requests", "is not a list");
  return {
    name: textField(json, "name") ?? "",
    policies: requiredText(json, "policies"),
    schema: textField(json, "schema"),
    entities,
    shouldValidate: flagField(json, "shouldValidate", true),
    requests: requests.map(readRequest),
  };
}

function readRequest(json: unknown, index: number): BatchRequest {
  if (!isPlainObject(json)) throw batchRefusal(`requests[${index}]`, "is not an object");
  const { principal, action, resource, context } = json;
  const request = { principal, action, resource, context: context ?? {} } as unknown as PolicyRequest;
  return { ...request, validateRequest: flagField(json, "validateRequest", true) };
}

function requiredText(json: JsonObject, name: string): string {
  const text = textField(json, name);
  if (text === undefined) throw batchRefusal(name, "is missing");
  return text;
}

function textField(json: JsonObject, name: string): string | undefined {
  const value = json[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw batchRefusal(name, "is not a string");
  return value;
}

function flagField(json: JsonObject, name: string, otherwise: boolean): boolean {
  const value = json[name];
  if (value === undefined) return otherwise;
  if (typeof value !== "boolean") throw batchRefusal(name, "is not a boolean");
  return value;
}

function batchRefusal(path: string, fault: string): WritError<PolicyErrorCode> {
  return new WritError({
    code: "POLICY_BATCH",
    message: `the batch line's \`${path}\` ${fault}`,
    reason: "a line of a batch holds a policy set, entities and requests",
    next: "correct the line",
    details: { path },
  });
}
