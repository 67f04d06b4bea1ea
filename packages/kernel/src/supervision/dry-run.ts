import type { ExactJson } from "@writ/canon";
import { parseRunnerRequest } from "./runner-request.ts";

export interface StepResult {
  readonly index: number;
  readonly status: "dry-run" | "blocked";
  readonly returncode: 0;
  readonly stdout: "";
  readonly stderr: "";
  readonly reason_code: string;
}

/** What the dry-run runner answers (spec kernel.md §15): it never executes. */
export interface DryRunReceipt {
  readonly status: "dry-run" | "blocked";
  readonly request_id: string;
  readonly source: string;
  readonly schema_version: "v0.1";
  readonly reason_code: string;
  readonly step_results: readonly StepResult[];
  readonly control_decisions: readonly object[];
}

/** Answers a runner request without running it. Throws `GOVERNANCE_RECORD_INVALID`. */
export function dryRun(value: ExactJson): DryRunReceipt {
  const { steps, dry_run: asked, request_id, source } = parseRunnerRequest(value);
  const [status, reason] = asked ? (["dry-run", "dry_run_requested"] as const) : (["blocked", LIVE] as const);
  return {
    status,
    request_id,
    source,
    schema_version: "v0.1",
    reason_code: reason,
    step_results: steps.map(({ index }) => ({
      index,
      status,
      returncode: 0,
      stdout: "",
      stderr: "",
      reason_code: reason,
    })),
    control_decisions: asked ? [] : [{ status: "blocked", reason_code: LIVE, non_claim: NON_CLAIM }],
  };
}

const LIVE = "live_backend_disabled";
const NON_CLAIM = "DryRunRunner never executes live requests";
