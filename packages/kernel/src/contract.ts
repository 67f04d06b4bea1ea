import { canonicalize, sha256Hex, type JsonValue } from "@writ/canon";
import { absolutePath } from "./absolute-path.ts";
import {
  inside,
  integer,
  json,
  list,
  nullable,
  oneOf,
  record,
  refuse,
  sha256,
  sortedSet,
  text,
  type FieldReader,
  type Place,
} from "./fields.ts";
import {
  ACTION_NAMES,
  EFFECTS,
  RESOURCE_TYPES,
  type Contract,
  type Effect,
  type Limits,
  type PrincipalRef,
  type ProcessShape,
  type ResourceRef,
  type Scope,
  type Shape,
  type StatementShape,
} from "./records.ts";

/** Bounds of a contract. The document as a whole stays under 1 MiB of canonical JSON. */
export const CONTRACT_BOUNDS = {
  arguments: 1024,
  argumentBytes: 24 * 1024,
  environmentNames: 256,
  paths: 64,
  chain: 8,
  textBytes: 64 * 1024,
  contractBytes: 1024 * 1024,
  timeMs: 86_400_000,
  outputBytes: 2 ** 30,
  processes: 4096,
} as const;

/**
 * Reads a contract strictly: closed keys, closed sets, bounds, one spelling of every path and list.
 *
 * @throws WritError `CONTRACT_INVALID` with the path to the field.
 */
export function parseContract(value: JsonValue): Contract {
  const at = { code: "CONTRACT_INVALID", path: "" } as const;
  const contract = readContract(value, at);
  if ((contract.action === "process.exec") !== (contract.shape.kind === "process")) {
    throw refuse(inside(at, "shape"), `of kind \`${contract.shape.kind}\` does not belong to \`${contract.action}\``);
  }
  checkSize(contract, at);
  return contract;
}

/** Free arguments hold any JSON; what cannot be written canonically, or is too large, is no contract. */
function checkSize(contract: Contract, at: Place): void {
  let bytes: number;
  try {
    bytes = new TextEncoder().encode(contractText(contract)).byteLength;
  } catch (cause) {
    throw refuse(inside(inside(at, "shape"), "args"), "has no canonical form", cause);
  }
  if (bytes > CONTRACT_BOUNDS.contractBytes) throw refuse(at, "is larger than 1 MiB");
}

/** The action digest: SHA-256 of the RFC 8785 bytes, 64 lower-case hex digits (ARCHITECTURE §11). */
export function contractDigest(contract: Contract): string {
  return sha256Hex(contractText(contract));
}

/** The canonical JSON of a contract; what is stored and hashed. */
export function contractText(contract: Contract): string {
  return canonicalize(contract as unknown as JsonValue);
}

/** Ids are opaque references: visible ASCII without separators that other layers use. */
export const referenceId: FieldReader<string> = text({
  min: 1,
  max: 128,
  form: /^[A-Za-z0-9][A-Za-z0-9._:@/+-]*$/,
  what: "letters, digits and `._:@/+-`",
});

export const principal: FieldReader<PrincipalRef> = record<PrincipalRef>({
  type: oneOf(["operator", "agent", "system"]),
  id: referenceId,
});

const resource = record<ResourceRef>({ type: oneOf(RESOURCE_TYPES), id: text({ min: 1, max: 4096 }) });

const argv: FieldReader<readonly string[]> = (value, at) => {
  const given = list(text({ min: 0, max: CONTRACT_BOUNDS.argumentBytes }), CONTRACT_BOUNDS.arguments, 1)(value, at);
  if (given[0] === "") throw refuse(inside(at, "0"), "must name a program");
  const bytes = given.reduce((sum, argument) => sum + new TextEncoder().encode(argument).byteLength, 0);
  if (bytes > CONTRACT_BOUNDS.argumentBytes)
    throw refuse(at, `must have at most ${String(CONTRACT_BOUNDS.argumentBytes)} bytes together`);
  return given;
};

const process: FieldReader<ProcessShape> = record<ProcessShape>({
  kind: oneOf(["process"]),
  argv,
  cwd: absolutePath,
  environment: sortedSet(
    text({ min: 1, max: 256, form: /^[A-Za-z_][A-Za-z0-9_]*$/, what: "a variable's name" }),
    CONTRACT_BOUNDS.environmentNames,
  ),
  stdin: nullable(record<{ sha256: string; bytes: number }>({ sha256, bytes: integer(0, 2 ** 40) })),
});

const freeText = text({ min: 1, max: CONTRACT_BOUNDS.textBytes });
const decimal = text({ min: 1, max: 50, form: /^-?\d{1,30}(\.\d{1,18})?$/, what: "a decimal number as text" });

const statement: FieldReader<StatementShape> = record<StatementShape>({
  kind: oneOf(["statement"]),
  text: freeText,
  tool: nullable(text({ min: 1, max: 256 })),
  args: json,
  target: nullable(text({ min: 1, max: 4096 })),
  amount: nullable(decimal),
  position: nullable(decimal),
  rationale: nullable(freeText),
  evidence: list(text({ min: 1, max: 4096 }), 64),
});

const shape: FieldReader<Shape> = (value, at) => {
  const kind =
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as { kind?: JsonValue }).kind
      : undefined;
  return kind === "process" ? process(value, at) : statement(value, at);
};

const readContract = record<Contract>({
  schema: oneOf(["writ.contract.v1"]),
  tenant: referenceId,
  principal,
  on_behalf_of: list(principal, CONTRACT_BOUNDS.chain),
  action: oneOf(ACTION_NAMES),
  resource,
  shape,
  effects: sortedSet(oneOf(EFFECTS), EFFECTS.length) as FieldReader<readonly Effect[]>,
  limits: record<Limits>({
    time_ms: integer(1, CONTRACT_BOUNDS.timeMs),
    output_bytes: integer(0, CONTRACT_BOUNDS.outputBytes),
    processes: integer(1, CONTRACT_BOUNDS.processes),
  }),
  scope: record<Scope>({
    write: sortedSet(absolutePath, CONTRACT_BOUNDS.paths),
    read: sortedSet(absolutePath, CONTRACT_BOUNDS.paths),
    network: oneOf(["none", "host"]),
  }),
});
