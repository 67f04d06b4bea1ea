import { fromBase64, isWritError, type JsonValue, toBase64, WritError } from "@writ/canon";

import type { Head } from "./port.ts";
import { SIGNER_ERROR_CODES, signerError, type SignerErrorCode } from "./signer-error.ts";
import { protocolError } from "./signer-process-frame.ts";

/** What a client may ask. Answers come in the order of requests. */
export type SignerRequest = { readonly op: "hello" | "state" | "flush" } | { readonly op: "sign"; readonly head: Head };

type Fields = { readonly [key: string]: JsonValue };

export function formatRequest(request: SignerRequest): JsonValue {
  return request.op === "sign" ? { op: request.op, head: formatHead(request.head) } : { op: request.op };
}

/** Throws `SIGNER_PROTOCOL`. */
export function parseRequest(value: JsonValue): SignerRequest {
  const fields = fieldsOf(value);
  const op = fields?.["op"];
  const count = fields === undefined ? 0 : Object.keys(fields).length;
  if ((op === "hello" || op === "state" || op === "flush") && count === 1) return { op };
  const head = op === "sign" && count === 2 ? parseHead(fields?.["head"]) : undefined;
  if (head === undefined) throw protocolError("a request of unknown form");
  return { op: "sign", head };
}

export function formatHead(head: Head): Fields {
  return { size: head.size, root: toBase64(head.root) };
}

export function parseHead(value: JsonValue | undefined): Head | undefined {
  const fields = fieldsOf(value);
  const size = fields?.["size"];
  const root = fields?.["root"];
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0 || typeof root !== "string") return undefined;
  const bytes = base64OrNothing(root);
  return bytes?.length === 32 ? { size, root: bytes } : undefined;
}

/** An error as it travels: only what is safe to show. */
export function formatFailure(error: unknown): JsonValue {
  const known = isWritError<string>(error) && isSignerCode(error.code) ? error : unknownFailure(error);
  const { code, message, reason, next, details } = known;
  return { error: { code, message, reason, next, details: { ...details } } };
}

/** The fields of an answer; the failure it tells is thrown, as is `SIGNER_PROTOCOL`. */
export function parseAnswer(value: JsonValue): Fields {
  const fields = fieldsOf(value);
  if (fields === undefined) throw protocolError("an answer of unknown form");
  const failure = fields["error"];
  if (failure === undefined) return fields;
  throw failureOf(fieldsOf(failure)) ?? protocolError("a failure of unknown form");
}

function failureOf(fields: Fields | undefined): Error | undefined {
  if (fields === undefined) return undefined;
  const { code, message, reason, next } = fields;
  if (typeof code !== "string" || !isSignerCode(code)) return undefined;
  if (typeof message !== "string" || typeof reason !== "string" || typeof next !== "string") return undefined;
  return new WritError({ code, message, reason, next, details: detailsOf(fieldsOf(fields["details"])) });
}

function detailsOf(fields: Fields = {}): Record<string, string | number | boolean | null> {
  const details: Record<string, string | number | boolean | null> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === null || typeof value !== "object") details[key] = value;
  }
  return details;
}

function unknownFailure(cause: unknown): WritError<SignerErrorCode> {
  return signerError({
    code: "SIGNER_MEMORY",
    message: "the signer failed",
    reason: "an error it does not know; its log has the details",
    next: "read the signer's output",
    cause,
  });
}

function isSignerCode(code: string): code is SignerErrorCode {
  return SIGNER_ERROR_CODES.some((known) => known === code);
}

function fieldsOf(value: JsonValue | undefined): Fields | undefined {
  return isFields(value) ? value : undefined;
}

function isFields(value: JsonValue | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function base64OrNothing(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text);
  } catch (error) {
    if (isWritError(error)) return undefined;
    throw error;
  }
}
