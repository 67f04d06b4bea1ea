export type { Blocked } from "./refusal.ts";
export type { RunnerErrorCode } from "./error-code.ts";
export type { Execution, ProcessInput, RunnerOptions } from "./execution.ts";
export type { RunPlan } from "./run-plan.ts";
export { createRunner, type Runner } from "./runner.ts";
export { detectSandbox, type Sandbox, type SandboxTools } from "./detect-sandbox.ts";
