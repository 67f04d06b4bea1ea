import type { Program } from "./program.ts";
import type { SourceFile } from "./types.ts";

/** One policy of a loaded set, as its author wrote it. */
export interface PolicyInfo {
  /** The `@id`, or in a set loaded without required annotations Cedar's positional id (`policy0`, …). */
  readonly id: string;
  readonly file: string;
  /** First line of the policy in its file, counted from 1. */
  readonly line: number;
  readonly effect: "permit" | "forbid";
  readonly annotations: Readonly<Record<string, string>>;
  readonly text: string;
  /** True for a template; it decides nothing until linked. */
  readonly template: boolean;
}

/** A policy set that was loaded without a fault. Immutable. */
export interface PolicySet {
  /** SHA-256, hexadecimal, over names and texts of all files and the schema. */
  readonly digest: string;
  readonly policies: readonly PolicyInfo[];
  /** Which evaluator and which Cedar this is, for the record: `writ-cedar 1 (cedar 4.13.0)`. */
  readonly engine: string;
  /** What works but deserves a look: annotations that look misspelt, large groups no index can find, the validator's own. */
  readonly warnings: readonly string[];
  readonly sources: readonly SourceFile[];
  readonly schema: SourceFile | undefined;
  /** The compiled form; for this room alone. */
  readonly program: Program;
}

/** What `loadPolicySet` reads. */
export interface PolicySources {
  readonly policies: readonly SourceFile[];
  readonly schema?: SourceFile | undefined;
}

export interface LoadOptions {
  /** Writ's own folders: every policy needs a unique `@id`, `@hold` and the like are checked. True unless said. */
  readonly requireAnnotations?: boolean;
  /** Strict validation against the schema, if there is one. True unless said. */
  readonly validate?: boolean;
  /** Links of templates in the set; template ids are the policies' ids. */
  readonly links?: readonly TemplateLink[];
}

/** A policy made of a template with its slots filled. */
export interface TemplateLink {
  readonly template: string;
  readonly id: string;
  readonly principal?: { readonly type: string; readonly id: string };
  readonly resource?: { readonly type: string; readonly id: string };
}
