import type { Command } from "commander";
import type { AddCommand } from "./add-command.ts";

/** Commands about what is to be shown to others: redaction and bundles. */
export function addKernelBundles(kernel: Command, command: AddCommand): void {
  command.offline(
    kernel,
    "redact [file]",
    "A document without its secrets; from standard input when there is no file, or it is `-`.",
    ["writ kernel redact run.log", "writ kernel redact - < receipt.json", "writ kernel redact receipt.json --json"],
    async () => (await import("../commands/kernel-redact.ts")).redact,
  );
  const bundle = kernel.command("bundle").description("Bundles of artifacts for review.");
  command
    .offline(
      bundle,
      "verify <place>",
      "Verify a bundle's folder or manifest; ends with 4 when it is refused, 5 when it is only reviewed.",
      ["writ kernel bundle verify ./bundle", "writ kernel bundle verify ./bundle --local --json"],
      async () => (await import("../commands/kernel-bundle.ts")).verifyBundle,
    )
    .option("--local", "report what else lies in the folder, in place of refusing it");
  command(
    bundle,
    "seen <record>",
    "Record the sighting `{root_tag, chain_id, key_id, …}` of a guarded bundle; ends with 3 when it was seen before.",
    ["writ kernel bundle seen sighting.json"],
    async () => (await import("../commands/kernel-claim.ts")).seeBundle,
  );
  command
    .offline(
      bundle,
      "export <manifest> <folder>",
      "Write a lifecycle as a review bundle: whole or not at all; ends with 4 when it is refused, 5 when it is only reviewed.",
      [
        "writ kernel bundle export artifact_chain_manifest.json ./bundle",
        "writ kernel bundle export artifact_chain_manifest.json ./bundle --public --overwrite",
      ],
      async () => (await import("../commands/kernel-export.ts")).exportBundle,
    )
    .option("--public", "refuse artifacts that hold a secret")
    .option("--overwrite", "replace the folder when it is there");
}
