import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { readExactJson, writeExactJson } from "./exact-json.ts";
import { type WasmImport, type WasmMemory, type WasmModule, type WasmTable, webAssembly } from "./web-assembly.ts";

/** The functions of the official WebAssembly module; structured arguments and results pass as references. */
export interface OfficialExports {
  readonly memory: WasmMemory;
  readonly __wbindgen_externrefs: WasmTable;
  readonly __externref_table_alloc: () => number;
  readonly __wbindgen_exn_store: (index: number) => void;
  readonly __wbindgen_malloc: (size: number, align: number) => number;
  readonly __wbindgen_free: (pointer: number, size: number, align: number) => void;
  readonly __wbindgen_start: () => void;
  readonly policyToJson: (policy: unknown) => unknown;
  readonly templateToJson: (policy: unknown) => unknown;
  readonly formatPolicies: (call: unknown) => unknown;
  readonly validate: (call: unknown) => unknown;
  readonly isAuthorized: (call: unknown) => unknown;
  readonly preparsePolicySet: (pointer: number, length: number, policies: unknown) => unknown;
  readonly preparseSchema: (pointer: number, length: number, schema: unknown) => unknown;
  readonly statefulIsAuthorized: (call: unknown) => unknown;
  readonly checkParseSchema: (schema: unknown) => unknown;
  readonly schemaToJsonWithResolvedTypes: (pointer: number, length: number) => unknown;
  readonly getCedarVersion: () => [number, number];
}

const MODULE_BYTES_MAX = 64 * 1024 * 1024;
let compiled: WasmModule | undefined;

/**
 * A fresh instance of the official engine. The package's own loader reads numbers with `JSON.parse`, which
 * rounds integers beyond 2^53; these imports read and write them exactly.
 */
export function instantiateOfficial(): OfficialExports {
  const module = officialModule();
  const host = new Host();
  const imports: Record<string, WasmImport> = {};
  for (const { name } of webAssembly().Module.imports(module)) imports[name] = host.importNamed(name);
  const instance = new (webAssembly().Instance)(module, { "./cedar_wasm_bg.js": imports });
  // The declaration above is the contract of `cedar_wasm_bg.wasm.d.ts` in the pinned package version.
  host.exports = instance.exports as OfficialExports;
  host.exports["__wbindgen_start"]();
  return host.exports;
}

/** UTF-8 text out of the module's memory. */
export function readModuleText(from: OfficialExports, pointer: number, length: number): string {
  const start = pointer >>> 0;
  return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(
    new Uint8Array(from.memory.buffer, start, length),
  );
}

/** UTF-8 text into memory the module then owns: pointer and length. */
export function writeModuleText(into: OfficialExports, text: string): [pointer: number, length: number] {
  const bytes = new TextEncoder().encode(text);
  const pointer = into["__wbindgen_malloc"](bytes.length, 1) >>> 0;
  new Uint8Array(into.memory.buffer).set(bytes, pointer);
  return [pointer, bytes.length];
}

function officialModule(): WasmModule {
  if (compiled !== undefined) return compiled;
  const entry = createRequire(import.meta.url).resolve("@cedar-policy/cedar-wasm/nodejs");
  const bytes = readFileSync(join(dirname(entry), "cedar_wasm_bg.wasm"));
  if (bytes.length > MODULE_BYTES_MAX) throw new Error("the module is larger than any release of it");
  compiled = new (webAssembly().Module)(bytes);
  return compiled;
}

/** The six imports of the module, found by the stable part of their names (each ends in a hash). */
class Host {
  exports: OfficialExports | undefined;

  importNamed(name: string): WasmImport {
    if (name.startsWith("__wbg_parse_")) return this.#caught((at: number, size: number) => this.#parse(at, size));
    if (name.startsWith("__wbg_stringify_")) return this.#caught((value: unknown) => writeExactJson(value));
    if (name.startsWith("__wbg___wbindgen_is_undefined_")) return (value: unknown) => value === undefined;
    if (name.startsWith("__wbg___wbindgen_string_get_")) return (at: number, value: unknown) => this.#text(at, value);
    if (name.startsWith("__wbg___wbindgen_throw_")) return (at: number, size: number) => this.#fail(at, size);
    if (name === "__wbindgen_init_externref_table") return () => this.#references();
    throw new Error(`the official module imports ${name}, which this version does not know`);
  }

  get #wasm(): OfficialExports {
    if (this.exports === undefined) throw new Error("the official module ran before it was ready");
    return this.exports;
  }

  #parse(pointer: number, length: number): unknown {
    return readExactJson(readModuleText(this.#wasm, pointer, length));
  }

  #text(out: number, value: unknown): void {
    const [pointer, length] = typeof value === "string" ? writeModuleText(this.#wasm, value) : [0, 0];
    const view = new DataView(this.#wasm.memory.buffer);
    view.setInt32(out, pointer, true);
    view.setInt32(out + 4, length, true);
  }

  #fail(pointer: number, length: number): never {
    throw new Error(readModuleText(this.#wasm, pointer, length));
  }

  /** The first slots hold the constants that the module's code refers to by index. */
  #references(): void {
    const table = this.#wasm["__wbindgen_externrefs"];
    const first = table.grow(4);
    table.set(0, undefined);
    for (const [index, constant] of [undefined, null, true, false].entries()) table.set(first + index, constant);
  }

  /** An exception of a host function reaches the module as a stored reference, not as a trap. */
  #caught<A extends readonly unknown[]>(run: (...args: A) => unknown): (...args: A) => unknown {
    return (...args) => {
      try {
        return run(...args);
      } catch (error) {
        const index = this.#wasm["__externref_table_alloc"]();
        this.#wasm["__wbindgen_externrefs"].set(index, error);
        this.#wasm["__wbindgen_exn_store"](index);
        return undefined;
      }
    };
  }
}
