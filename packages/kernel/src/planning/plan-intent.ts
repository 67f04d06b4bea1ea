import type { ExactJson } from "@writ/canon";
import { isExactList, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseTaskContract, type TaskContract } from "./task-contract.ts";

/** What a planner proposes for a goal (spec kernel.md §18): task contracts, and no leave to carry them out. */
export interface PlanIntent {
  readonly intent_id: string;
  readonly profile: string;
  readonly planner_id: string;
  readonly goal: string;
  readonly task_contracts: readonly TaskContract[];
  readonly non_claims: readonly string[];
  readonly metadata: ExactRecord;
}

/** Reads a plan; every contract has an id of its own. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parsePlanIntent(value: ExactJson): PlanIntent {
  const record = recordOf(value, "invalid_plan_intent");
  const intentId = requiredText(record, ["intent_id", "id"], "missing_plan_intent_id");
  const listed = member(record, "task_contracts") ?? [];
  if (!isExactList(listed) || listed.length > CONTRACTS_MAX) throw recordRefusal("invalid_planning_sequence", 12);
  const contracts = listed.map(parseTaskContract);
  if (new Set(contracts.map(({ contract_id: id }) => id)).size < contracts.length)
    throw recordRefusal("duplicate_task_contract_id");
  const metadata = mapField(record, "metadata", "invalid_planning_metadata");
  refuseForbiddenKeys("planning", metadata);
  return {
    intent_id: intentId,
    profile: textField(record, "profile", "generic"),
    planner_id: textField(record, "planner_id"),
    goal: textField(record, "goal"),
    task_contracts: contracts,
    non_claims: textsField(record, "non_claims", "invalid_planning_sequence"),
    metadata,
  };
}

/** Who plans for a profile, and which records it makes. */
export interface PlannerPort {
  readonly name: string;
  readonly profile: string;
  readonly supported_contracts: readonly string[];
}

/** Reads a planner port. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parsePlannerPort(value: ExactJson): PlannerPort {
  const record = recordOf(value, "invalid_planner_port");
  const name = requiredText(record, "name", "missing_planner_port_name");
  const said = memberOrNull(record, "supported_contracts");
  const supported = said === null ? BOTH : textsField(record, "supported_contracts", "invalid_planning_sequence");
  if (supported.length === 0) throw recordRefusal("missing_supported_contracts");
  return { name, profile: textField(record, "profile", "generic"), supported_contracts: supported };
}

const BOTH = ["gov_task_contract", "gov_plan_intent_contract"];

/** Most contracts of one plan. */
const CONTRACTS_MAX = 10_000;
