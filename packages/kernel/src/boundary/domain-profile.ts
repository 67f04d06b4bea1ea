import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { mapField, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { BOUNDARY, PROFILE_CONSUMES } from "./boundary.ts";

/** What a domain brings to the kernel, and what it builds on (spec kernel.md §25). */
export interface DomainProfile {
  readonly name: string;
  readonly version: string;
  readonly owner: string;
  readonly owns: readonly string[];
  readonly consumes: readonly string[];
  readonly non_claims: readonly string[];
  readonly metadata: ExactRecord;
}

export interface ProfileConformance {
  readonly profile: string;
  readonly status: "passed" | "failed";
  readonly passed: boolean;
  readonly allowed_consumes: readonly string[];
  /** In the order they were given. */
  readonly unknown_consumes: readonly string[];
  /** Sorted. */
  readonly forbidden_ownership: readonly string[];
  readonly checks: { readonly no_forbidden_ownership: boolean; readonly consumes_are_known: boolean };
  readonly non_claims: readonly string[];
}

/** Reads a profile; whether it conforms is another question. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseDomainProfile(value: ExactJson): DomainProfile {
  const record = recordOf(value, "invalid_domain_profile");
  const unknown = Object.keys(record).find((key) => !FIELDS.has(key));
  const profile = {
    name: requiredText(record, "name", "missing_domain_profile_name"),
    version: textField(record, "version", "v0.1"),
    owner: textField(record, "owner"),
    owns: textsField(record, "owns", "invalid_domain_profile_sequence"),
    consumes: textsField(record, "consumes", "invalid_domain_profile_sequence"),
    non_claims: textsField(record, "non_claims", "invalid_domain_profile_sequence"),
    metadata: mapField(record, "metadata", "invalid_domain_profile_metadata"),
  };
  if (unknown !== undefined) throw recordRefusal("unknown_domain_profile_field", 12);
  return profile;
}

/** Holds a profile against the boundary. */
export function profileConformance({ name, owns, consumes, non_claims }: DomainProfile): ProfileConformance {
  const forbidden_ownership = FORBIDDEN.filter((one) => owns.includes(one)).toSorted();
  const unknown_consumes = consumes.filter((one) => !KNOWN.includes(one));
  const checks = {
    no_forbidden_ownership: forbidden_ownership.length === 0,
    consumes_are_known: unknown_consumes.length === 0,
  };
  const passed = checks.no_forbidden_ownership && checks.consumes_are_known;
  const allowed_consumes = consumes.filter((one) => KNOWN.includes(one));
  const status = passed ? "passed" : "failed";
  return { profile: name, status, passed, allowed_consumes, unknown_consumes, forbidden_ownership, checks, non_claims };
}

/** Refuses a profile that takes what is not its own, or builds on what is not there. */
export function requireConformingProfile(profile: DomainProfile): void {
  const {
    forbidden_ownership: [forbidden],
    unknown_consumes: [unknown],
  } = profileConformance(profile);
  if (forbidden !== undefined) throw recordRefusal(`forbidden_domain_profile_ownership:${forbidden}`);
  if (unknown !== undefined) throw recordRefusal(`unknown_domain_profile_consume:${unknown}`);
}

const FORBIDDEN: readonly string[] = BOUNDARY.forbidden_profile_ownership;
const KNOWN: readonly string[] = PROFILE_CONSUMES;
const FIELDS: ReadonlySet<string> = new Set("name version owner owns consumes non_claims metadata".split(" "));
