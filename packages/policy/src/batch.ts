import { isWritError, parseJsonExact } from "@writ/canon";

import { authorize } from "./authorize.ts";
import { type BatchCase, type BatchRequest, readBatchCase } from "./batch-case.ts";
import { type EntityStore, entityStore } from "./entity-store.ts";
import { loadPolicySet } from "./load.ts";
import type { PolicySet } from "./policy-set.ts";

export interface BatchOptions {
  /** `compiled` unless said; `reference` is the official engine. */
  readonly engine?: "compiled" | "reference";
}

/** Bytes of one line: a policy set with its entities and requests. */
export const BATCH_LINE_BYTES_MAX = 16_777_216;
const LINE_DEPTH_MAX = 128;

/**
 * Decides a file of cases, one policy set a line: `{"name","policies","schema"?,"entities","shouldValidate"?,
 * "requests":[{"description"?,"principal","action","resource","context","validateRequest"?}]}`; further fields
 * (expected answers) are ignored. Yields one JSON line per request, in order:
 * `{"name","request","decision","reason","errors"}`, where `request` is the request's place from 0 and ids are
 * Cedar's positional ones. What cannot be decided yields `{"name","request","error":{"code","message"}}`, where
 * `request` is `null` if the whole line is at fault, and the batch goes on. Integers of 64 bits are exact.
 * Empty lines are skipped.
 */
export async function* authorizeBatch(
  lines: AsyncIterable<string | Uint8Array>,
  options: BatchOptions = {},
): AsyncGenerator<string> {
  for await (const line of lines) {
    if (line.length === 0) continue;
    yield* answerLine(line, options.engine ?? "compiled");
  }
}

async function* answerLine(line: string | Uint8Array, engine: "compiled" | "reference"): AsyncGenerator<string> {
  let name: string | null = null;
  try {
    const batchCase = readBatchCase(parseJsonExact(line, { maxBytes: BATCH_LINE_BYTES_MAX, maxDepth: LINE_DEPTH_MAX }));
    name = batchCase.name;
    const set = await loadCase(batchCase);
    const entities = entityStore(set, batchCase.entities);
    for (const [index, request] of batchCase.requests.entries()) {
      yield answerRequest(set, entities, { name, index, request, engine });
    }
  } catch (error) {
    yield errorLine(name, null, error);
  }
}

/** Foreign sets: ids are positional, and validation is the case's own choice. */
function loadCase(batchCase: BatchCase): Promise<PolicySet> {
  const policies = [{ name: "policies.cedar", text: batchCase.policies }];
  const schema =
    batchCase.schema === undefined ? {} : { schema: { name: "schema.cedarschema", text: batchCase.schema } };
  return loadPolicySet(
    { policies, ...schema },
    { requireAnnotations: false, validate: batchCase.shouldValidate, links: [] },
  );
}

function answerRequest(
  set: PolicySet,
  entities: EntityStore,
  asked: {
    readonly name: string;
    readonly index: number;
    readonly request: BatchRequest;
    readonly engine: "compiled" | "reference";
  },
): string {
  const { name, index, request, engine } = asked;
  try {
    const { decision, reason, errors } = authorize(set, request, entities, {
      engine,
      validateRequest: request.validateRequest,
    });
    return JSON.stringify({ name, request: index, decision, reason, errors });
  } catch (error) {
    return errorLine(name, index, error);
  }
}

function errorLine(name: string | null, request: number | null, error: unknown): string {
  if (!isWritError(error)) throw error;
  return JSON.stringify({ name, request, error: { code: error.code, message: error.message } });
}
