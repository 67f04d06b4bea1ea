import type { Command } from "commander";
import { type AddCommand } from "./add-command.ts";
import { addKernelArtifacts } from "./kernel-artifacts.ts";
import { addKernelBundles } from "./kernel-bundles.ts";
import { addKernelPolicy } from "./kernel-policy.ts";
import { addKernelShape } from "./kernel-shape.ts";

/** Commands for those who come from an earlier kernel. */
export function addKernel(program: Command, command: AddCommand): void {
  const kernel = program.command("kernel").description("Artifacts of earlier kernels: check, digest, compare.");
  command.offline(
    kernel,
    "conformance <cases>",
    "Play cases of the reference kernel; ends with 1 when one differs or is not built.",
    ["writ kernel conformance cases.json", "writ kernel conformance cases.json --json"],
    async () => (await import("../commands/kernel.ts")).conformance,
  );
  command.offline(
    kernel,
    "validate <file>",
    "Check an artifact against the schema it names.",
    ["writ kernel validate execution_ticket.json"],
    async () => (await import("../commands/kernel.ts")).validate,
  );
  command
    .offline(
      kernel,
      "digest <file>",
      "The digest of a JSON file by a named recipe.",
      ["writ kernel digest intent_contract.json", "writ kernel digest value.json --recipe sclite-json-v0.2"],
      async () => (await import("../commands/kernel.ts")).digest,
    )
    .option("--recipe <name>", "sclite-json-v0.1 (default) or sclite-json-v0.2");
  command
    .offline(
      kernel,
      "verify <manifest>",
      "Verify a chain manifest and the artifacts beside it.",
      [
        "writ kernel verify artifact_chain_manifest.json",
        "writ kernel verify artifact_chain_manifest.json --lifecycle",
      ],
      async () => (await import("../commands/kernel.ts")).verify,
    )
    .option("--lifecycle", "exactly the six artifacts of a lifecycle, bound to each other");
  addKernelArtifacts(kernel, command);
  addKernelBundles(kernel, command);
  addKernelPolicy(kernel, command);
  addKernelShape(kernel, command);
}
