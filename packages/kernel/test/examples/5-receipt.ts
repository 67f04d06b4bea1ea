import { sha256Hex } from "@writ/canon";
import { compareReceipt, parseReceipt } from "@writ/kernel";
import { contract, digest } from "./1-contract.ts";
import { ticket } from "./3-ticket.ts";

const nothing = { sha256: sha256Hex(""), bytes: 0, truncated: false };

/** What the runner says has happened, read as strictly as everything else. */
const receipt = parseReceipt({
  schema: "writ.receipt.v1",
  id: "01926f5e-7c00-7000-8000-000000000005",
  ticket_id: ticket.id,
  action_id: ticket.action_id,
  action_digest: digest,
  intent: "01926f5e-7c00-7000-8000-000000000006",
  mode: "live",
  outcome: "succeeded",
  exit_code: 0,
  signal: null,
  started_at: "2026-01-02T03:05:01.000Z",
  ended_at: "2026-01-02T03:05:04.000Z",
  stdout: nothing,
  stderr: nothing,
  files: [{ path: "/work/project/src/index.ts", change: "changed", sha256: sha256Hex("x"), bytes: 1 }],
  files_truncated: false,
  refusals: [],
  sandbox: "bubblewrap",
});

/** It wrote outside `out`, so it is not what was decided, whatever its exit code says. */
export const comparison = compareReceipt({ contract, ticket, receipt });

/** A ticket without a receipt is unfinished business, never success. */
export const lost = compareReceipt({ contract, ticket, receipt: null });
