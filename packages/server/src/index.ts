export { createApp } from "./app.ts";
export type { Door, HostRules, ServerParts } from "./context.ts";
export { failureBody, type FailureBody } from "./failure.ts";
export { listenOnSocket, listenOnTcp, type Listener } from "./listen.ts";
export { createMcpServer, type McpActions } from "./mcp/tools.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { toRequest } from "./proposal.ts";
export { toWire, type WireAction } from "./routes/actions.ts";
