import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

const room = join(import.meta.dirname, "..");
const files = readdirSync(join(room, "src"));
const IMPORTS = [/^(?:import|export)\b[^"]*?\bfrom "([^"]+)"/gm, /\bawait import\("([^"]+)"\)/g, /^import "([^"]+)"/gm];
const importsOf = (file: string): string[] => {
  const text = readFileSync(join(room, "src", file), "utf8");
  return IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
};

/** Files that may touch a disk or a database; everything else runs in a browser. */
const NODE_FILES = new Set(["input-files.ts", "log-worker.ts", "log-workers.ts", "log-rows.ts", "remembered-file.ts"]);

test("the package names no dependency of any sort", () => {
  const manifest = JSON.parse(readFileSync(join(room, "package.json"), "utf8"));
  for (const field of [
    "dependencies",
    "peerDependencies",
    "optionalDependencies",
    "bundledDependencies",
    "devDependencies",
  ]) {
    expect(manifest[field], field).toBeUndefined();
  }
});

test("sources import each other and Node's own modules, and nothing else", () => {
  for (const file of files) {
    for (const name of importsOf(file)) expect(name, file).toMatch(/^(\.\/[a-z0-9-]+\.ts|node:[a-z_]+)$/);
  }
});

test("Node's modules stay out of the core", () => {
  for (const file of files) {
    const foreign = importsOf(file).filter((name) => name.startsWith("node:"));
    if (!NODE_FILES.has(file)) expect(foreign, file).toEqual([]);
  }
});

test("what `index.ts` reaches needs no file and no database", () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of importsOf(file)) visit(name.replace("./", ""));
  };
  visit("index.ts");
  for (const file of NODE_FILES) expect(seen.has(file), file).toBe(false);
});

test("every file fits a screen or five", () => {
  for (const file of files) {
    expect(readFileSync(join(room, "src", file), "utf8").split("\n").length, file).toBeLessThanOrEqual(250);
  }
});
