import type { ExactJson } from "@writ/canon";
import { checkTicketGate } from "../../scoped-ticket/gates.ts";
import { checkTicketSemantics } from "../../scoped-ticket/semantics.ts";
import { verifyTicketUse } from "../../scoped-ticket/use.ts";
import { isExactList, isExactRecord, member, type ExactRecord } from "../exact-record.ts";
import { asJson, failed } from "./artifact.ts";
import { answered, type Operations } from "./operation.ts";

export const operations: Operations = {
  "ticket.gate": (input) => {
    const [ticket, contract] = [member(input, "execution_ticket"), member(input, "execution_contract")];
    const steps = member(input, "raw_steps");
    const passed = checkTicketGate({
      ticket: isExactRecord(ticket) ? ticket : undefined,
      contract: isExactRecord(contract) ? contract : undefined,
      steps: isExactList(steps) ? steps : [],
    });
    return passed.ok ? answered(asJson(passed.result)) : failed(passed);
  },
  "ticket.validate_semantics": (input) => {
    const checked = checkTicketSemantics({
      ticket: artifact(input, "ticket"),
      contract: artifact(input, "execution_contract"),
      strict: member(input, "strict_ticket_profile") === true,
    });
    return checked.ok ? answered(checked.checks) : failed(checked);
  },
  "ticket.verify_use": (input) => {
    const evidence = member(input, "evidence_contract");
    const used = verifyTicketUse({
      ticket: artifact(input, "ticket"),
      contract: artifact(input, "execution_contract"),
      receipt: artifact(input, "receipt"),
      evidence: isExactRecord(evidence) ? evidence : undefined,
      strictTicketProfile: member(input, "strict_ticket_profile") === true,
      strictEvidenceClaims: member(input, "strict_evidence_claims") === true,
    });
    return used.ok ? answered(asJson(used.result)) : failed(used);
  },
};

function artifact(input: ExactJson, name: string): ExactRecord {
  const found = member(input, name);
  return isExactRecord(found) ? found : {};
}
