import type { ExactJson } from "@writ/canon";
import { isExactList, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { flagField, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseDomainProfile, profileConformance, type DomainProfile } from "./domain-profile.ts";

/** A domain's own words for the kernel's contracts (spec kernel.md §25, 0.8). */
export interface ProfileSdk {
  readonly profile: DomainProfile;
  readonly resource_types: readonly string[];
  readonly task_families: readonly string[];
  readonly planning_stages: readonly string[];
  readonly capabilities: readonly string[];
  readonly runner_profiles: readonly { readonly name: string; readonly mode: "dry_run" | "local_fixture" }[];
  readonly policy_hooks: readonly string[];
  readonly evidence_rules: readonly { readonly name: string; readonly receipt_bound: true }[];
}

export interface ProfileSdkConformance {
  readonly profile: string;
  readonly passed: boolean;
  readonly checks: Readonly<Record<ProfileCheck, boolean>>;
}

export type ProfileCheck = (typeof CHECKS)[number];

const CHECKS = [
  "resource_types_declared",
  "task_families_declared",
  "planning_stages_declared",
  "runner_profiles_dry_run_only",
  "evidence_rules_receipt_bounded",
  "boundary_conformance_passed",
] as const;

/** Reads a profile's declarations. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseProfileSdk(value: ExactJson): ProfileSdk {
  const record = recordOf(value, "invalid_profile_sdk");
  return {
    profile: parseDomainProfile(memberOrNull(record, "profile")),
    resource_types: declared(record, "resource_types"),
    task_families: declared(record, "task_families"),
    planning_stages: declared(record, "planning_stages"),
    capabilities: textsField(record, "capabilities", "invalid_profile_sequence"),
    runner_profiles: records(record, "runner_profiles").map((one) => {
      const name = requiredText(one, "name", "missing_runner_profile_name");
      const mode = textField(one, "mode");
      if (mode !== "dry_run" && mode !== "local_fixture") throw recordRefusal(`forbidden_runner_profile:${name}`);
      return { name, mode };
    }),
    policy_hooks: textsField(record, "policy_hooks", "invalid_profile_sequence"),
    evidence_rules: records(record, "evidence_rules").map((one) => {
      const name = requiredText(one, "name", "missing_evidence_rule_name");
      if (!flagField(one, "receipt_bound", false)) throw recordRefusal(`unbounded_evidence_rule:${name}`);
      return { name, receipt_bound: true };
    }),
  };
}

/** What the declarations show; reading them has refused what may never be. */
export function profileSdkConformance(sdk: ProfileSdk): ProfileSdkConformance {
  const checks = {
    resource_types_declared: sdk.resource_types.length > 0,
    task_families_declared: sdk.task_families.length > 0,
    planning_stages_declared: sdk.planning_stages.length > 0,
    runner_profiles_dry_run_only: sdk.runner_profiles.every(
      ({ mode }) => mode === "dry_run" || mode === "local_fixture",
    ),
    evidence_rules_receipt_bounded: sdk.evidence_rules.every(({ receipt_bound }) => receipt_bound),
    boundary_conformance_passed: profileConformance(sdk.profile).passed,
  };
  return { profile: sdk.profile.name, passed: CHECKS.every((check) => checks[check]), checks };
}

/** Refuses declarations that do not conform, by the first check that fails. */
export function requireConformingSdk(sdk: ProfileSdk): void {
  const { checks } = profileSdkConformance(sdk);
  const failed = CHECKS.find((check) => !checks[check]);
  if (failed !== undefined) throw recordRefusal(`profile_conformance_failed:${failed}`);
}

function declared(record: ExactRecord, key: string): readonly string[] {
  const words = textsField(record, key, "invalid_profile_sequence");
  if (words.length === 0 || words.includes("")) throw recordRefusal(`missing_${key}`);
  if (new Set(words).size !== words.length) throw recordRefusal(`duplicate_${key}`);
  return words;
}

function records(record: ExactRecord, key: string): readonly ExactRecord[] {
  const found = member(record, key) ?? [];
  if (!isExactList(found)) throw recordRefusal("invalid_profile_sequence");
  return found.map((one) => recordOf(one, "invalid_profile_sequence"));
}
