import { normalizeArgv } from "../command/argv.ts";
import type { ApprovedSpec } from "./approved-record.ts";

export interface ApprovedCommand {
  /** The tool first; secrets are still marks. */
  readonly argv: readonly string[];
  readonly stdin: string;
}

/**
 * The commands of an approved spec as they would be started (spec kernel.md §13.1). The allow list is that of now, not that
 * of the approval. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function approvedCommands(spec: ApprovedSpec, allowedTools: readonly string[]): readonly ApprovedCommand[] {
  return spec.execution_plan.map(({ tool, args, stdin }) => ({
    argv: normalizeArgv({ tool, args, allowedTools, approved: true }),
    stdin,
  }));
}
