import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { WAIT_MS_MAX } from "@writ/api";
import { createMcpServer, type WireAction } from "@writ/server";
import { withSession, type CommonOptions } from "../command.ts";
import { strictMessages } from "../strict-messages.ts";
import { firstSignal } from "../terminal/first-signal.ts";
import { VERSION } from "../version.ts";

/** `writ mcp`: the MCP tools on stdio, as a client of the owner, so that the log keeps one writer. */
export async function mcp(options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client }) => {
    const actions = {
      propose: (request: object) => client.post<WireAction & Record<string, unknown>>("/api/actions", request),
      status: (id: string, wait: boolean) =>
        client.get<WireAction & Record<string, unknown>>(
          `/api/actions/${encodeURIComponent(id)}`,
          wait ? { wait: "answered", timeout_ms: WAIT_MS_MAX } : {},
        ),
    };
    const messages = process.stdin.pipe(strictMessages((answer) => process.stdout.write(answer)));
    const transport = new StdioServerTransport(messages, process.stdout);
    const handle = serveStdio(() => createMcpServer(actions, VERSION), { transport });
    const signal = await Promise.race([firstSignal(), new Promise<void>((done) => messages.once("close", done))]);
    await handle.close();
    // An input that is still open would keep the process.
    process.stdin.destroy();
    return signal === "SIGINT" ? 130 : 0;
  });
}
