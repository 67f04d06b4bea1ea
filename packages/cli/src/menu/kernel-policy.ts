import type { Command } from "commander";
import { type AddCommand } from "./add-command.ts";

/** Commands about policy packs and governance requests. */
export function addKernelPolicy(kernel: Command, command: AddCommand): void {
  const policy = kernel.command("policy").description("Policy packs of earlier kernels.");
  command.offline(
    policy,
    "compile <pack>",
    "Compile a pack, or say its first fault.",
    ["writ kernel policy compile pack.json"],
    async () => (await import("../commands/kernel-policy.ts")).compile,
  );
  command
    .offline(
      policy,
      "evaluate <pack> <request>",
      "What a pack says of a request, and how it would be enforced.",
      [
        "writ kernel policy evaluate pack.json request.json",
        "writ kernel policy evaluate pack.json request.json --json",
      ],
      async () => (await import("../commands/kernel-policy.ts")).evaluate,
    )
    .option("--context <file>", "the host's own context");
  command.offline(
    policy,
    "cedar <pack>",
    "The pack as Cedar policies that give the same verdicts.",
    ["writ kernel policy cedar pack.json > pack.cedar"],
    async () => (await import("../commands/kernel-policy.ts")).cedar,
  );
  command
    .offline(
      policy,
      "baseline <name>",
      "A shipped pack to begin with.",
      [
        "writ kernel policy baseline governed-runtime --issuer organization:acme --from 2026-01-01T00:00:00Z --until 2027-01-01T00:00:00Z",
      ],
      async () => (await import("../commands/kernel-policy.ts")).baseline,
    )
    .requiredOption("--issuer <name>", "who issues it")
    .requiredOption("--from <time>", "RFC 3339: holds from then on")
    .requiredOption("--until <time>", "RFC 3339: and no longer");
  const request = kernel.command("request").description("Governance requests.");
  command.offline(
    request,
    "check <request>",
    "Whether its parts agree with each other and their digests.",
    ["writ kernel request check governance_request.json"],
    async () => (await import("../commands/kernel-policy.ts")).checkRequest,
  );
}
