import { createHash } from "node:crypto";
import type { ProcessShape } from "@writ/kernel";
import { isWritError } from "@writ/canon";
import type { RunnerErrorCode } from "./error-code.ts";
import { refuse, type Blocked } from "./refusal.ts";
import { buildEnvironment } from "./environment.ts";
import type { ProcessInput } from "./execution.ts";
import { requireDescriptors } from "./descriptor-room.ts";
import { planLaunch, type Launch } from "./launch.ts";
import { planReach, type Reach } from "./reach.ts";
import type { Sandbox, SandboxTools } from "./detect-sandbox.ts";
import type { Settings } from "./settings.ts";

/** Everything a run needs, checked against this machine and not yet begun. */
export interface Prepared {
  readonly shape: ProcessShape;
  readonly reach: Reach;
  readonly launch: Launch;
  readonly environment: ReadonlyMap<string, string>;
}

export type Preparation =
  | { readonly ok: true; readonly prepared: Prepared }
  | { readonly ok: false; readonly blocked: Blocked };

/** Compares contract, inputs and machine; starts and changes nothing. The first blocker that applies is told. */
export function prepare(input: ProcessInput, settings: Settings, sandbox: Sandbox): Preparation {
  try {
    return { ok: true, prepared: plan(input, settings, sandbox) };
  } catch (error) {
    if (!isWritError<RunnerErrorCode>(error)) throw error;
    const { code, message, next } = error;
    return { ok: false, blocked: { code, reason: message, next } };
  }
}

/** What a dry run on a machine without a sandbox assumes. */
const USUAL: SandboxTools = {
  bwrap: "/usr/bin/bwrap",
  recent: true,
  pinning: true,
  observer: null,
  setpriv: "/usr/bin/setpriv",
  prlimit: "/usr/bin/prlimit",
};

function plan({ contract, stdin, environment }: ProcessInput, settings: Settings, sandbox: Sandbox): Prepared {
  const { shape } = contract;
  if (shape.kind !== "process") {
    throw refuse({
      code: "RUNNER_NOT_A_PROCESS",
      reason: `\`${contract.action}\` is carried out by its proposer`,
      next: "run only `process.exec` actions",
    });
  }
  checkStdin(shape, stdin);
  const owner = { uid: process.getuid?.() ?? 1000, gid: process.getgid?.() ?? 1000 };
  const tools = sandbox.available ? sandbox.tools : USUAL;
  const reach = planReach(contract, shape, { settings, pinning: tools.pinning });
  requireDescriptors(reach.mounts.filter((mount) => "descriptor" in mount).length);
  return {
    shape,
    reach,
    launch: planLaunch(contract, shape, { reach, tools, owner }),
    environment: buildEnvironment(shape, environment ?? {}, { home: reach.home, path: settings.path }),
  };
}

function checkStdin({ stdin }: ProcessShape, given: Uint8Array | undefined): void {
  const matches =
    stdin === null
      ? given === undefined || given.byteLength === 0
      : given !== undefined &&
        given.byteLength === stdin.bytes &&
        createHash("sha256").update(given).digest("hex") === stdin.sha256;
  if (matches) return;
  throw refuse({
    code: "RUNNER_STDIN_MISMATCH",
    reason: "standard input is not what the contract names",
    next: "propose the action with this input, or feed the one that was decided",
  });
}
