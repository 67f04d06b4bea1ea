import { join } from "node:path";
import type { CommonOptions } from "../command.ts";
import { verify } from "./kernel.ts";

/** The name under which every bundle keeps its manifest (spec kernel.md §7.2). */
const MANIFEST = "artifact_chain_manifest.json";

/** `writ kernel chain verify <folder>`: as `writ kernel verify`, with the manifest under its usual name. */
export function verifyFolder(
  folder: string,
  options: CommonOptions & { readonly lifecycle?: boolean },
): Promise<number> {
  return verify(join(folder, MANIFEST), options);
}
