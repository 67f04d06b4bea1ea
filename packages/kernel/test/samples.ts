import { sha256Hex, type JsonValue } from "@writ/canon";
import {
  contractDigest,
  shapeProcess,
  shapeStatement,
  type Approval,
  type Contract,
  type Lease,
  type PrincipalRef,
  type Receipt,
  type Ticket,
} from "@writ/kernel";

/** Fixed ids: UUIDv7 of the same instant that differ in their last digit. */
export function id(number: number): string {
  return `01926f5e-7c00-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

export const OPERATOR: PrincipalRef = { type: "operator", id: "op-1" };
export const SECOND: PrincipalRef = { type: "operator", id: "op-2" };
export const AGENT: PrincipalRef = { type: "agent", id: "agent-1" };

/** 2026-01-02T03:04:05.006Z */
export const NOW = 1_767_323_045_006;

export const processContract: Contract = shapeProcess({
  tenant: "local",
  principal: AGENT,
  onBehalfOf: [OPERATOR],
  effects: ["state_change", "execution"],
  argv: ["npm", "test"],
  cwd: "/work/project",
  environment: ["CI", "AWS_REGION"],
  stdin: { sha256: sha256Hex("input"), bytes: 5 },
  scope: { write: ["out"], read: ["/data"], network: "none" },
});

export const statementContract: Contract = shapeStatement({
  tenant: "local",
  principal: AGENT,
  onBehalfOf: [],
  effects: ["transaction"],
  action: "act",
  text: "Transfer 50 SOL to marketing wallet.",
  tool: "wallet.transfer",
  args: { to: "marketing", memo: [1, "två", null, { deep: true }] },
  amount: "50",
  position: "1000.25",
  rationale: "campaign",
  evidence: ["invoice-7"],
});

export const approval: Approval = {
  schema: "writ.approval.v1",
  action_id: id(1),
  action_digest: contractDigest(processContract),
  approver: OPERATOR,
  auth: "token",
  at: "2026-01-02T03:04:05.006Z",
  expires_at: "2026-01-02T03:19:05.006Z",
};

export const ticket: Ticket = {
  schema: "writ.ticket.v1",
  id: id(2),
  action_id: id(1),
  action_digest: contractDigest(processContract),
  decision: id(3),
  approvals: [id(4)],
  mode: "live",
  issued_at: "2026-01-02T03:04:05.006Z",
  expires_at: "2026-01-02T03:09:05.006Z",
};

export const lease: Lease = {
  schema: "writ.lease.v1",
  id: id(6),
  ticket_id: id(2),
  action_id: id(1),
  action_digest: contractDigest(processContract),
  holder: OPERATOR,
  fence: 1,
  granted_at: "2026-01-02T03:04:05.506Z",
  expires_at: "2026-01-02T03:19:35.506Z",
};

export const receipt: Receipt = {
  schema: "writ.receipt.v1",
  id: id(5),
  ticket_id: id(2),
  action_id: id(1),
  action_digest: contractDigest(processContract),
  intent: id(6),
  mode: "live",
  outcome: "succeeded",
  exit_code: 0,
  signal: null,
  started_at: "2026-01-02T03:04:06.000Z",
  ended_at: "2026-01-02T03:04:09.250Z",
  stdout: { sha256: sha256Hex("ok\n"), bytes: 3, truncated: false },
  stderr: { sha256: sha256Hex(""), bytes: 0, truncated: false },
  files: [{ path: "/work/project/out/report", change: "created", sha256: sha256Hex("report"), bytes: 6 }],
  files_truncated: false,
  refusals: [{ kind: "network", target: "192.0.2.1:443", detail: "connect: ENETUNREACH" }],
  sandbox: "bubblewrap 0.8.0, seccomp",
};

export function asJson(record: object): JsonValue {
  return structuredClone(record) as unknown as JsonValue;
}
