/** The parts of the platform's WebAssembly that are used; the compiler settings have no browser types. */
export interface WasmModule {
  readonly wasmModule: never;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export interface WasmTable {
  readonly grow: (delta: number) => number;
  readonly set: (index: number, value: unknown) => void;
}

export type WasmImport = (...args: never[]) => unknown;

interface Platform {
  readonly Module: {
    new (bytes: Uint8Array): WasmModule;
    imports: (module: WasmModule) => readonly { readonly name: string }[];
  };
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, WasmImport>>>>,
  ) => { readonly exports: unknown };
}

/** `globalThis.WebAssembly`, which every Node has. */
export function webAssembly(): Platform {
  return (globalThis as unknown as { readonly WebAssembly: Platform }).WebAssembly;
}
