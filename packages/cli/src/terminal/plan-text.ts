import type { RunPlan } from "@writ/runner";
import { quoteArgument } from "./printable.ts";

/** Exactly what a live run would start, and in what surroundings. */
export function planLines(plan: RunPlan): string[] {
  return [
    `would run ${plan.argv.map(quoteArgument).join(" ")}`,
    `  as      ${plan.program ?? "no program of that name"}`,
    `  in      ${quoteArgument(plan.cwd)}`,
    `  writes  ${plan.scope.write.map(quoteArgument).join(", ") || "nothing but a private /tmp"}`,
    `  network ${plan.scope.network}`,
    `  given   ${plan.environment.join(", ") || "no variables"}`,
    `  for     at most ${String(plan.limits.time_ms / 1000)} s, ${String(plan.limits.output_bytes)} bytes of output, ${String(plan.limits.processes)} processes`,
    ...plan.folders_to_make.map((folder) => `  makes   ${folder}`),
    `  inside  ${plan.sandbox ?? "no sandbox: it would not start"}`,
    ...(plan.blocked === null ? [] : [`  blocked ${plan.blocked.reason}; ${plan.blocked.next}`]),
  ];
}
