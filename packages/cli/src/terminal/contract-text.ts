import type { Contract, ProcessShape, StatementShape } from "@writ/kernel";
import { quoteArgument } from "./printable.ts";

/** Everything that the digest binds, so that a yes to these lines is a yes to the contract and to nothing else. */
export function contractLines(contract: Contract): string[] {
  const { shape, effects } = contract;
  return [
    ...(shape.kind === "process" ? processLines(contract, shape) : statementLines(contract, shape)),
    `effects   ${effects.join(", ") || "none"}`,
  ];
}

function processLines({ scope, limits }: Contract, { argv, cwd, environment, stdin }: ProcessShape): string[] {
  const { time_ms: time, output_bytes: output, processes } = limits;
  return [
    `exactly   ${argv.map(quoteArgument).join(" ")}`,
    `in        ${quoteArgument(cwd)}`,
    `may       write ${paths(scope.write)}; network ${scope.network}; environment ${environment.join(", ") || "none"}`,
    ...(scope.read.length === 0 ? [] : [`          read ${paths(scope.read)}`]),
    `at most   ${String(time / 1000)} s, ${String(output)} bytes of output, ${String(processes)} processes`,
    ...(stdin === null ? [] : [`input     ${String(stdin.bytes)} bytes, SHA-256 ${stdin.sha256}`]),
  ];
}

function statementLines({ action, resource }: Contract, shape: StatementShape): string[] {
  const { text, tool, args, target, amount, position, rationale, evidence } = shape;
  return [
    ...block("exactly", text),
    `as        ${action} on ${resource.type} ${quoteArgument(resource.id)}`,
    ...(tool === null ? [] : block("tool", tool)),
    ...(args === null ? [] : block("args", JSON.stringify(args, undefined, 2))),
    ...(target === null ? [] : block("target", target)),
    ...(amount === null ? [] : [`amount    ${amount}${position === null ? "" : ` of a position of ${position}`}`]),
    ...(rationale === null ? [] : block("because", rationale)),
    ...evidence.flatMap((one) => block("evidence", one)),
  ];
}

/** Text of several lines, each marked, so that none can pass for a line of ours. */
function block(name: string, text: string): string[] {
  const [first = "", ...rest] = text.split("\n");
  return [`${name.padEnd(10)}${first}`, ...rest.map((line) => `        | ${line}`)];
}

function paths(given: readonly string[]): string {
  return given.map(quoteArgument).join(", ") || "nothing";
}
