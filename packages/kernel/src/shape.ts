import { compareCodeUnits, type JsonValue } from "@writ/canon";
import { resolvePath } from "./absolute-path.ts";
import { parseContract } from "./contract.ts";
import { inside, refuse, type Place } from "./fields.ts";
import type { ActionName, Contract, Effect, Limits, PrincipalRef, ResourceRef, Scope } from "./records.ts";

/** Who asks, in whose name, and with which effects: the same for every action. */
export interface Asked {
  readonly tenant: string;
  readonly principal: PrincipalRef;
  readonly onBehalfOf: readonly PrincipalRef[];
  /** Declared, registered and recognised together, in any order. */
  readonly effects: readonly Effect[];
  readonly limits?: Partial<Limits>;
}

export interface ProcessAsked extends Asked {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment?: readonly string[];
  readonly stdin?: { readonly sha256: string; readonly bytes: number } | null;
  /** Relative paths are seen from `cwd`. */
  readonly scope?: Partial<Scope>;
}

export interface StatementAsked extends Asked {
  readonly action: Exclude<ActionName, "process.exec">;
  readonly text: string;
  readonly tool?: string;
  readonly args?: JsonValue;
  readonly target?: string;
  readonly amount?: string;
  readonly position?: string;
  readonly rationale?: string;
  readonly evidence?: readonly string[];
}

/** What a process may use when the request names no limit: a quarter of an hour, 64 MiB of output, 256 processes. */
export const DEFAULT_LIMITS: Limits = { time_ms: 900_000, output_bytes: 64 * 1024 * 1024, processes: 256 };

const place: Place = { code: "CONTRACT_INVALID", path: "" };

/**
 * The contract of a command: exactly what would be started, where, with what in reach.
 *
 * @throws WritError `CONTRACT_INVALID` with the path to the field.
 */
export function shapeProcess(asked: ProcessAsked): Contract {
  const shapePlace = inside(place, "shape");
  const cwd = resolvePath("/", absolute(asked.cwd, inside(shapePlace, "cwd")), inside(shapePlace, "cwd"));
  const { write = [], read = [], network = "none" } = asked.scope ?? {};
  const paths = (given: readonly string[], name: string): readonly string[] =>
    distinct(given.map((path) => resolvePath(cwd, path, inside(inside(place, "scope"), name))));
  return checked({
    ...common(asked),
    action: "process.exec",
    resource: { type: "Tool", id: programName(asked.argv[0] ?? "") },
    shape: {
      kind: "process",
      argv: [...asked.argv],
      cwd,
      environment: distinct(asked.environment ?? []),
      stdin: asked.stdin ?? null,
    },
    scope: { write: paths(write, "write"), read: paths(read, "read"), network },
  });
}

/** The contract of an action that its proposer carries out itself. @throws WritError `CONTRACT_INVALID`. */
export function shapeStatement(asked: StatementAsked): Contract {
  return checked({
    ...common(asked),
    action: asked.action,
    resource: resourceOf(asked),
    shape: {
      kind: "statement",
      text: asked.text,
      tool: asked.tool ?? null,
      args: asked.args ?? null,
      target: asked.target ?? null,
      amount: asked.amount ?? null,
      position: asked.position ?? null,
      rationale: asked.rationale ?? null,
      evidence: [...(asked.evidence ?? [])],
    },
    scope: { write: [], read: [], network: "none" },
  });
}

function common(
  asked: Asked,
): Pick<Contract, "schema" | "tenant" | "principal" | "on_behalf_of" | "effects" | "limits"> {
  return {
    schema: "writ.contract.v1",
    tenant: asked.tenant,
    principal: asked.principal,
    on_behalf_of: [...asked.onBehalfOf],
    effects: distinct(asked.effects),
    limits: { ...DEFAULT_LIMITS, ...asked.limits },
  };
}

/** Every contract passes the one strict reader, so a shaped one and a read one obey the same rules. */
function checked(contract: Contract): Contract {
  return parseContract(contract as unknown as JsonValue);
}

/** The resource's type follows from the action; its id is what the request names. */
function resourceOf({ action, tool, target }: StatementAsked): ResourceRef {
  switch (action) {
    case "file.read":
    case "file.write":
      return { type: "Path", id: named(target) };
    case "net.connect":
      return { type: "Host", id: named(target) };
    case "message.send":
      return { type: "Channel", id: target ?? "general" };
    case "vault.load":
      return { type: "Document", id: named(target) };
    case "governance.set":
      return { type: "System", id: target ?? "governance" };
    case "run.open":
    case "run.apply":
      return { type: "Run", id: named(target) };
    case "mcp.call":
      return { type: "Tool", id: tool ?? named(target) };
    case "act":
      return { type: "Tool", id: tool ?? "none" };
  }
}

function named(target: string | undefined): string {
  if (target === undefined) throw refuse(inside(place, "target"), "is missing: this action needs one");
  return target;
}

function absolute(path: string, at: Place): string {
  if (!path.startsWith("/")) throw refuse(at, "must be an absolute path");
  return path;
}

function programName(program: string): string {
  return program.slice(program.lastIndexOf("/") + 1) || program || "none";
}

function distinct<T extends string>(items: readonly T[]): readonly T[] {
  return [...new Set(items)].toSorted(compareCodeUnits);
}
