import type { SyntaxNode } from "unbash";
import type { Analysis, Frame } from "./analysis.ts";
import type { Settings } from "./known-variables.ts";
import type { SourceSpan } from "./report.ts";
import type { KnownValue } from "./resolve-word.ts";

/** A place in a syntax tree, and what is known there. */
export interface Walk {
  readonly analysis: Analysis;
  readonly frame: Frame;
  readonly settings: Settings;
  /** Values that are followed; only what runs surely and in order adds to them. */
  readonly known: Map<string, KnownValue>;
  readonly straight: boolean;
  /** Reads the substitutions inside a part of the tree. */
  readonly visit: (node: SyntaxNode, walk: Walk) => void;
}

export function spanOf(node: { readonly pos: number; readonly end: number }, frame: Frame): SourceSpan {
  return frame.fixedSpan ?? { start: node.pos, end: node.end };
}
