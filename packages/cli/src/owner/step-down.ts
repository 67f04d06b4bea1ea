import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@writ/api/client";
import { isWritError, type WritError } from "@writ/canon";
import type { Homes } from "../homes.ts";
import { httpTransport } from "../transport.ts";

/** An idle owner closes its log within this time. */
const STEP_DOWN_MS_MAX = 5_000;

/**
 * Asks the owner in the background to end, and waits until its socket is gone.
 *
 * @throws `owned` when the owner is a `writ up` that stays, or does not answer.
 */
export async function requestStepDown(homes: Homes, owned: WritError): Promise<void> {
  const client = createClient(httpTransport({ target: { socketPath: homes.socket }, token: undefined }));
  try {
    await client.post("/api/owner/step-down");
    const deadline = performance.now() + STEP_DOWN_MS_MAX;
    while (performance.now() < deadline) {
      await client.get("/health");
      await sleep(20);
    }
  } catch (error) {
    if (isWritError(error, "OWNER_UNREACHABLE")) return;
  }
  throw owned;
}
