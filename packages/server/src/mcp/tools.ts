import { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { classify, requests } from "@writ/api";
import { WritError } from "@writ/canon";
import { checked } from "../body.ts";
import { failureBody } from "../failure.ts";
import { checkedProposal, type ProposeBody } from "../proposal.ts";

/**
 * What the MCP tools need: the same two use cases, whether they are called in the owner's process or by a
 * stdio server that is a client of the owner.
 */
export interface McpActions {
  /** Takes the wire's form of a proposal, checked. */
  propose(body: ProposeBody): Promise<Record<string, unknown>>;
  status(id: string, wait: boolean): Promise<Record<string, unknown>>;
}

/** One MCP server with the tools `action_propose` and `action_status`; the same factory serves both protocol eras. */
export function createMcpServer(actions: McpActions, version: string): McpServer {
  const server = new McpServer({ name: "writ", version }, { instructions });
  shapes ??= { propose: proposeInput(), status: statusInput(), answer: answerOutput() };
  const { propose, status, answer } = shapes;
  server.registerTool(
    "action_propose",
    {
      title: "Propose an action",
      description:
        "Ask for leave to act before acting. `allow`: go ahead, then report with the outcome. `hold`: a person must approve; " +
        "ask `action_status` until it is answered. `deny` or `not_evaluated`: do not act. Nothing is run by this call.",
      inputSchema: shown(propose),
      outputSchema: answer,
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    },
    (input) => answered(() => actions.propose(checkedProposal(input))),
  );
  server.registerTool(
    "action_status",
    {
      title: "Status of a proposed action",
      description: "How a proposed action stands. With `wait` the call returns when it is answered, or after a minute.",
      inputSchema: shown(status),
      outputSchema: answer,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input) =>
      answered(() => {
        const { id, wait } = checked(status, input);
        return actions.status(id, wait === true);
      }),
  );
  return server;
}

/** A schema that is told and not applied: what it would refuse the tool refuses itself, with a code. */
function shown<T extends z.ZodType>(schema: T) {
  return { "~standard": { ...schema["~standard"], validate: (value: unknown) => ({ value }) } };
}

const instructions =
  "Writ decides what you may do. Before any action with an effect call action_propose and act only when the decision is `allow`. " +
  "A held action waits for a person: ask action_status. Never work around a deny.";

/** Made once, since a server is made for every request. */
let shapes:
  | {
      readonly propose: ReturnType<typeof proposeInput>;
      readonly status: ReturnType<typeof statusInput>;
      readonly answer: ReturnType<typeof answerOutput>;
    }
  | undefined;

function statusInput() {
  return z.strictObject({ id: requests().id, wait: z.boolean().optional() });
}

function answerOutput() {
  return z.looseObject({ id: z.string(), state: z.string(), decision: z.string() });
}

/** The fields of both forms of a proposal; which belong together is checked by the wire's own schema. */
function proposeInput() {
  return z.looseObject({
    action: z.string().optional().describe("What you want to do, in words."),
    process: z.looseObject({}).optional().describe("For a command: {argv, cwd, environment?, stdin?}."),
    tool: z.string().optional().describe("The tool you would use."),
    args: z.unknown().optional().describe("The tool's arguments, exactly."),
    target: z.string().optional(),
    effects: z.array(z.string()).optional().describe("Effects you know it has, e.g. `outbound`, `destructive`."),
    amount: z.union([z.string(), z.number()]).optional(),
    position: z.union([z.string(), z.number()]).optional(),
    rationale: z.string().optional(),
    evidence: z.array(z.string()).optional(),
    id: z.string().optional().describe("A UUIDv7 of yours; the same id again is the same proposal."),
  });
}

async function answered(call: () => Promise<Record<string, unknown>>) {
  try {
    const result = await call();
    return {
      content: [{ type: "text" as const, text: JSON.stringify(result, undefined, 2) }],
      structuredContent: result,
    };
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    const body = failureBody(error, classify(error.code).status);
    return { isError: true, content: [{ type: "text" as const, text: JSON.stringify(body, undefined, 2) }] };
  }
}
