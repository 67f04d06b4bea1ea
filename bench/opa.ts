import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { loadPolicy } from "@open-policy-agent/opa-wasm";

import { COUNTS, rulesOf, SHAPES } from "./rules.ts";
import type { Rule } from "./rules.ts";

/** Where a bundle made of `npm run bench -- rego` lies; there is no compiler of Rego among our dependencies. */
export const OPA_VARIABLE = "OPA_WASM";

export interface OpaSet {
  evaluate(input: object): boolean;
}

/** The rules in Rego: one package a set, to be compiled by `opa build -t wasm`. */
export function regoText(): string {
  const packages = SHAPES.flatMap((shape) =>
    COUNTS.map((count) => ({ name: `${shape}_${count}`, rules: rulesOf(count) })),
  );
  const entries = packages.map(({ name }) => `-e bench/${name}`).join(" ");
  const rules = packages.map(({ name, rules }) => `${name} if {\n${conditionOf(rules)}\n}`);
  return `# opa build -t wasm ${entries} -o bundle.tar.gz <this file>\npackage bench\nimport rego.v1\n\n${rules.join("\n\n")}\n`;
}

/** A table by tool, which is how Rego is made fast: the wasm would else try rule after rule. */
function conditionOf(rules: readonly Rule[]): string {
  const table = rules.map(({ tool, amountMax, environment }) => `    "${tool}": [${amountMax}, "${environment}"]`);
  return `  rule := {\n${table.join(",\n")}\n  }[input.tool]\n  input.amount <= rule[0]\n  input.environment == rule[1]`;
}

/** The policies of a bundle (`.tar.gz`) or a bare `.wasm`, by set name. */
export async function loadOpa(path: string): Promise<(name: string) => OpaSet> {
  const bytes = readFileSync(path);
  const policy = await loadPolicy(Uint8Array.from(path.endsWith(".wasm") ? bytes : wasmIn(gunzipSync(bytes))).buffer);
  policy.setData({});
  return (name) => ({
    evaluate(input) {
      const results = policy.evaluate(input, `bench/${name}`) as readonly { readonly result: unknown }[];
      return results[0]?.result === true;
    },
  });
}

/** The member `policy.wasm` of a tar archive (POSIX ustar: 512-byte headers, size in octal at 124). */
function wasmIn(archive: Buffer): Buffer {
  for (let at = 0; at + 512 <= archive.length;) {
    const name = archive.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(archive.toString("latin1", at + 124, at + 136), 8) || 0;
    if (name.replace(/^\/+/, "") === "policy.wasm") return archive.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error("the bundle holds no `policy.wasm`: build it with `opa build -t wasm`");
}
