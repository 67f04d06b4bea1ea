export { shapeArgv, shapeShellText } from "./shell/analyse.ts";
export { OPAQUE_REASONS, REDIRECTION_MODES, RISK_CLASSES } from "./shell/report.ts";
export type {
  AssignmentShape,
  CommandLineShape,
  CommandShape,
  OpaqueFinding,
  OpaqueReason,
  RedirectionShape,
  RiskClass,
  SourceSpan,
} from "./shell/report.ts";
export { SHELL_BOUNDS } from "./shell/bounds.ts";
