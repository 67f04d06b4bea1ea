import { JsonFraction, WritError, type ExactJson } from "@writ/canon";
import { checkTicketSemantics, explainTicket, summarizeTicket, verifyTicketUse, type TicketUse } from "@writ/kernel";
import { outputFor, type CommonOptions } from "../command.ts";
import { readExact } from "./kernel-files.ts";

interface TicketOptions extends CommonOptions {
  readonly receipt?: string;
  readonly evidence?: string;
  readonly strict?: boolean;
}

type Artifact = TicketUse["ticket"];

/** `writ kernel ticket check <ticket> <contract>`: 0 passed, 1 refused, 5 only reviewed. */
export function checkTicketFiles(ticketFile: string, contractFile: string, options: TicketOptions): Promise<number> {
  const [ticket, contract] = [readArtifact(ticketFile), readArtifact(contractFile)];
  if (options.receipt !== undefined) return checkUse(ticket, contract, options, options.receipt);
  if (options.evidence !== undefined) throw evidenceAlone();
  const checked = checkTicketSemantics({ ticket, contract, strict: options.strict === true });
  if (!checked.ok) return refused(checked, options);
  const result = { status: "passed", checks: checked.checks, summary: summarizeTicket(ticket) };
  outputFor(options).result(result, () => ["passed", ...explainTicket(ticket, contract)]);
  return Promise.resolve(0);
}

function checkUse(ticket: Artifact, contract: Artifact, options: TicketOptions, receipt: string): Promise<number> {
  const strict = options.strict === true;
  const used = verifyTicketUse({
    ticket,
    contract,
    receipt: readArtifact(receipt),
    evidence: options.evidence === undefined ? undefined : readArtifact(options.evidence),
    strictTicketProfile: strict,
    strictEvidenceClaims: strict,
  });
  if (!used.ok) return refused(used, options);
  const { status, ticket_id, receipt_id, detail } = used.result;
  outputFor(options).result(used.result, () => [
    `${status}  ticket ${ticket_id}  receipt ${receipt_id}`,
    ...(detail === "" ? [] : [detail]),
  ]);
  return Promise.resolve(status === "passed" ? 0 : 5);
}

function refused(
  { family, text }: { readonly family: string; readonly text: string },
  options: CommonOptions,
): Promise<number> {
  outputFor(options).result({ status: "failed", family, failure: text }, () => [text]);
  return Promise.resolve(1);
}

function readArtifact(file: string): Artifact {
  const value: ExactJson = readExact(file);
  const plain = typeof value === "object" && value !== null && !(value instanceof JsonFraction);
  if (plain && !Array.isArray(value)) return value as Artifact;
  throw new WritError({
    code: "USAGE",
    message: `\`${file}\` is no artifact`,
    reason: "an artifact is one JSON object",
    next: "give the file of the artifact",
  });
}

function evidenceAlone(): WritError {
  return new WritError({
    code: "USAGE",
    message: "evidence is given without a receipt",
    reason: "an evidence contract speaks of a receipt",
    next: "add --receipt <file>",
  });
}
