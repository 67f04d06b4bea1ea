import { operations as artifact } from "./artifact.ts";
import { operations as boundary } from "./boundary.ts";
import { operations as digest } from "./digest.ts";
import { operations as guard } from "./guard.ts";
import { operations as ticket } from "./ticket.ts";
import { operations as runStateOperations } from "./run-state.ts";
import { operations as controlOperations } from "./control.ts";
import { operations as admissionOperations } from "./admission.ts";
import { operations as replayOperations } from "./replay.ts";
import { operations as runnerOperations } from "./runner.ts";
import { operations as governanceOperations } from "./governance.ts";
import { operations as commandOperations } from "./command.ts";
import { operations as scopeOperations } from "./scope.ts";
import { operations as signingOperations } from "./signing.ts";
import { operations as lifecycleOperations } from "./lifecycle.ts";
import { operations as capabilityOperations } from "./capability.ts";
import { operations as actionOperations } from "./actions.ts";
import { operations as specOperations } from "./specs.ts";
import { operations as policyOperations } from "./policy.ts";
import type { Operations } from "./operation.ts";

/** Every operation that is built, by the reference's name. */
export const operations: Operations = {
  ...artifact,
  ...boundary,
  ...digest,
  ...guard,
  ...ticket,
  ...runStateOperations,
  ...controlOperations,
  ...commandOperations,
  ...actionOperations,
  ...specOperations,
  ...scopeOperations,
  ...admissionOperations,
  ...replayOperations,
  ...runnerOperations,
  ...governanceOperations,
  ...signingOperations,
  ...lifecycleOperations,
  ...capabilityOperations,
  ...policyOperations,
};
