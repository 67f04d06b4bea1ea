import { lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { WritError } from "@writ/canon";
import type { InventoryItem } from "@writ/kernel/security";

/** A folder with more is no bundle; the verifier says so and one more is enough for it to see (spec kernel.md §2.4). */
const ENTRIES_MAX = 1_024;
const DEPTH_MAX = 16;

/** What a folder holds, without following a link. Throws `FILE_UNREADABLE`. */
export function bundleInventory(root: string): readonly InventoryItem[] {
  const items: InventoryItem[] = [];
  const waiting: { readonly path: string; readonly depth: number }[] = [{ path: "", depth: 0 }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const name of namesIn(join(root, folder.path))) {
      if (items.length > ENTRIES_MAX) return items;
      const path = folder.path === "" ? name : `${folder.path}/${name}`;
      const kind = kindOf(lstatSync(join(root, path)));
      items.push({ path, kind });
      if (kind === "folder" && folder.depth < DEPTH_MAX) waiting.push({ path, depth: folder.depth + 1 });
    }
  }
  return items;
}

function kindOf(facts: Stats): InventoryItem["kind"] {
  if (facts.isSymbolicLink()) return "link";
  if (facts.isDirectory()) return "folder";
  if (!facts.isFile()) return "special";
  return facts.nlink === 1 ? "file" : "hard_link";
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new WritError({
      code: "FILE_UNREADABLE",
      message: `cannot read the folder \`${folder}\``,
      reason: (cause as NodeJS.ErrnoException).code ?? "it cannot be opened",
      next: "check the path and its rights",
      cause,
    });
  }
}
