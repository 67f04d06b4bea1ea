import { isWritError } from "@writ/canon";
import { policySetDigest } from "@writ/policy";
import type { PolicySet } from "@writ/policy";

import type { PendingPolicies } from "./documents.ts";
import type { PolicySetSource } from "./policy-port.ts";

/** The set that would decide if somebody activated it: what the folder holds now, else what was given last. */
export interface OfferedPolicies {
  /** What waits beside the set with this digest that decides; null when nothing does. */
  readonly besides: (deciding: string) => Promise<PendingPolicies | null>;
  readonly offer: (set: PolicySet) => void;
}

/**
 * Looks at the folder each time it is asked, without loading what is there: a digest tells whether it is another set,
 * and activating it tells whether it is a good one.
 */
export function offeredPolicies(given: PolicySet, look?: () => Promise<PolicySetSource>): OfferedPolicies {
  let last = given.digest;
  let known: { readonly source: PolicySetSource; readonly digest: string } | undefined;
  const digestNow = async (): Promise<string> => {
    if (look === undefined) return last;
    const source = await look();
    if (known?.source !== source) known = { source, digest: sourceDigest(source) };
    return known.digest;
  };
  return {
    besides: async (deciding) => {
      try {
        const digest = await digestNow();
        return digest === deciding ? null : { digest, error: null };
      } catch (error) {
        if (!isWritError(error)) throw error;
        const { code, message, reason, next } = error;
        return { digest: null, error: { code, message, reason, next } };
      }
    },
    offer: (set) => {
      last = set.digest;
    },
  };
}

/** The name under which every set has its schema, whatever the file was called. */
export const SCHEMA_NAME = "writ.cedarschema";

/** The digest that the set will have once it is loaded. */
export function sourceDigest({ schema, files }: PolicySetSource): string {
  return policySetDigest({ policies: files, schema: { name: SCHEMA_NAME, text: schema } });
}
