import { createRunner, type Runner } from "@writ/runner";
import type { Homes } from "../homes.ts";

/** The runner, with data, keys, policies and the owner's socket out of every process's reach. */
export function createExecution(homes: Homes, onWait?: (line: string) => void): Runner {
  const hidden = [homes.data, homes.keys, homes.policies, homes.socket];
  return createRunner({ hidden, ...(onWait !== undefined && { onWait }) });
}
