import type { Receipt } from "@writ/kernel";
import type { WireAction } from "@writ/server";
import { contractLines } from "./contract-text.ts";

/** Files of a receipt that are shown to a person; the receipt holds the others too. */
const FILES_SHOWN = 100;

/** One line of an inbox: id, age of the deadline, who, what. */
export function inboxLine(action: WireAction): string {
  const given =
    action.hold === null
      ? ""
      : ` ${String(action.hold.approvals_given.length)}/${String(action.hold.approvals_required)}`;
  return `${action.id}  ${action.state}${given}  ${action.principal.type}:${action.principal.id}  ${action.summary}`;
}

/** Everything a person needs to answer: exactly what would happen, where, and who holds it. */
export function actionLines(action: WireAction): string[] {
  return [
    `action    ${action.id}`,
    `state     ${action.state}${action.end_reason === null ? "" : ` (${action.end_reason})`}`,
    `asked by  ${[action.principal, ...(action.contract?.on_behalf_of ?? [])].map(({ type, id }) => `${type} ${id}`).join(" for ")}`,
    ...(action.contract === null ? ["exactly   (erased)"] : contractLines(action.contract)),
    `decision  ${action.decision}: ${action.reason}`,
    ...action.rules.map((rule) => `  ${rule.vote.padEnd(5)} ${rule.id}  ${rule.text}`),
    ...(action.decision === "deny" && action.governance.posture === "SCOUT"
      ? ["next      SCOUT only reads: writ posture DEFENSE (asks first), or OFFENSE"]
      : []),
    ...action.erroring.map((id) => `  error ${id}`),
    ...holdLines(action),
    `digest    ${action.digest}`,
    `entries   ${action.entries.map(({ index, kind }) => `${String(index)} ${kind}`).join(", ")}`,
    ...(action.receipt === null ? [] : receiptLines(action.receipt, action.agreement)),
  ];
}

export function receiptLines(receipt: Receipt, agreement: WireAction["agreement"]): string[] {
  return [
    `receipt   ${[receipt.outcome, ...howItEnded(receipt, agreement)].join(", ")}`,
    `  ran     ${receipt.sandbox ?? (receipt.mode === "dry" ? "nothing: a dry run" : "nothing")}`,
    `  output  stdout ${String(receipt.stdout.bytes)} bytes ${receipt.stdout.sha256.slice(0, 16)}…, stderr ${String(receipt.stderr.bytes)} bytes`,
    ...receipt.files
      .slice(0, FILES_SHOWN)
      .map(
        ({ change, path, bytes }) =>
          `  ${change.padEnd(7)} ${path}${bytes === null ? "" : ` (${String(bytes)} bytes)`}`,
      ),
    ...(receipt.files.length > FILES_SHOWN
      ? [`  …       ${String(receipt.files.length - FILES_SHOWN)} more files, all in the receipt: writ show --json`]
      : []),
    ...(receipt.files_truncated ? ["  …       more files changed than are listed"] : []),
    ...refusalLines(receipt),
  ];
}

/** Of a run that was not started there is no exit, and nothing to agree with what was decided. */
function howItEnded({ outcome, exit_code: code, signal }: Receipt, agreement: WireAction["agreement"]): string[] {
  if (outcome === "not_started") return ["nothing ran"];
  const exit = signal === null ? (code === null ? "no exit code" : `exit ${String(code)}`) : `signal ${signal}`;
  return [exit, agreement?.replaceAll("_", " ") ?? "not compared"];
}

/** Every attempt by itself; the variables that were simply not handed on in one line. */
function refusalLines({ refusals }: Receipt): string[] {
  const environment = refusals.filter(({ kind }) => kind === "environment");
  const withheld = environment.filter(({ detail }) => detail === "withheld");
  const others = environment.find(({ target }) => target === "others");
  const attempts = refusals.filter((refusal) => !withheld.includes(refusal) && refusal !== others);
  return [
    ...attempts.map(({ kind, target, detail }) => `  refused ${kind} ${target}: ${detail}`),
    ...(withheld.length === 0
      ? []
      : [
          `  withheld ${String(withheld.length)} environment variables${others === undefined ? "" : `; ${others.detail}`}`,
        ]),
  ];
}

function holdLines({ hold }: WireAction): string[] {
  if (hold === null) return [];
  const who = hold.approvals_given.map(({ approver, at }) => `${approver.type} ${approver.id} at ${at}`);
  return [
    `hold      ${String(hold.approvals_given.length)} of ${String(hold.approvals_required)} approvals, until ${hold.expires_at}`,
    ...who.map((line) => `  yes     ${line}`),
  ];
}
