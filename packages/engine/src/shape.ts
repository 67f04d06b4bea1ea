import { contractText, shapeProcess, shapeStatement } from "@writ/kernel";
import { sha256Hex } from "@writ/canon";
import type { Asked, Contract, Effect, ProcessAsked, StatementAsked } from "@writ/kernel";
import { ACTION_EFFECTS, recogniseEffects } from "@writ/policy";

import { processEffects } from "./command-line.ts";
import { invalidRequest } from "./errors.ts";
import { requireText } from "./limits.ts";
import type { Caller } from "./port.ts";
import { checkRequest } from "./request-check.ts";
import type { ActionRequest } from "./request.ts";

/** A request with nothing raw left in it: what follows knows the contract alone. */
export interface Shaped {
  readonly contract: Contract;
  /** Canonical JSON of the contract. */
  readonly text: string;
  /** The action digest. */
  readonly digest: string;
  readonly live: boolean;
  readonly run: string | undefined;
}

const RUN_MAX = 128;
const RUN = /^[A-Za-z0-9][A-Za-z0-9._:@/+-]*$/;

/** Turns a request into its contract. Throws `REQUEST_INVALID`, and the kernel's `CONTRACT_INVALID`. */
export function shapeRequest(caller: Caller, request: ActionRequest): Shaped {
  checkRequest(request);
  const run = request.run === undefined ? undefined : requireText("run", request.run, RUN_MAX);
  if (run !== undefined && !RUN.test(run)) throw invalidRequest("run", "letters, digits and `._:@/+-`");
  const contract = request.action === "process.exec" ? shapeCommand(caller, request) : shapeWords(caller, request);
  const text = contractText(contract);
  return { contract, text, digest: sha256Hex(text), live: request.live === true, run };
}

function shapeCommand(caller: Caller, request: ActionRequest): Contract {
  const { process, scope } = request;
  if (process === undefined || request.statement !== undefined) {
    throw invalidRequest("process", "`process.exec` is described by `process` and nothing else");
  }
  const effects = processEffects(process.argv, { network: scope?.network ?? "none" });
  const asked: ProcessAsked = {
    ...common(caller, request, effects),
    argv: process.argv,
    cwd: process.cwd,
    ...(process.environment !== undefined && { environment: process.environment }),
    ...(process.stdin !== undefined && { stdin: process.stdin }),
    ...(scope !== undefined && { scope }),
  };
  return shapeProcess(asked);
}

function shapeWords(caller: Caller, request: ActionRequest): Contract {
  const { action, statement } = request;
  if (statement === undefined || request.process !== undefined || action === "process.exec") {
    throw invalidRequest("statement", `\`${action}\` is described by \`statement\` and nothing else`);
  }
  if (request.scope !== undefined) throw invalidRequest("scope", "only a process has one");
  const asked: StatementAsked = { ...common(caller, request, recogniseEffects(statement.text)), ...statement, action };
  return shapeStatement(asked);
}

/** Effects are declared, those of the action's nature, and those found in command or text: together, never less. */
function common(caller: Caller, request: ActionRequest, found: readonly Effect[]): Asked {
  return {
    tenant: caller.tenant,
    principal: caller.principal,
    onBehalfOf: caller.onBehalfOf,
    effects: [...(request.effects ?? []), ...ACTION_EFFECTS[request.action], ...found],
    ...(request.limits !== undefined && { limits: request.limits }),
  };
}
