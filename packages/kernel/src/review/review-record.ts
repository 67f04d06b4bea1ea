import type { ExactJson } from "@writ/canon";
import { verifyChain, type VerifiedChain } from "../artifacts/verify-chain.ts";
import { isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { lifecycleFidelity, type LifecycleFidelity, type RoleMap } from "./lifecycle-fidelity.ts";
import {
  chainCheck,
  lifecycleCheck,
  schemaCheck,
  scopeCheck,
  ticketCheck,
  worstOf,
  type ReviewCheck,
  type ReviewVerdict,
} from "./review-checks.ts";

/** A review record v0.1 (spec kernel.md §8): what a reader of artifacts found, and what it does not claim. */
export interface ReviewRecord {
  readonly artifact_type: "review_record";
  readonly schema_version: "v0.1";
  readonly schema_ref: "schemas/review_record.v0.1.schema.json";
  readonly generated_at: string;
  /** `review-record-` and the first 12 digits of the root, or `unverified`. */
  readonly review_id: string;
  readonly review_profile: string;
  readonly source_manifest: string;
  /** The worst of the checks. */
  readonly verdict: ReviewVerdict;
  readonly summary: {
    readonly artifact_count: number;
    /** Sorted. */
    readonly target_hosts: readonly string[];
    /** Empty when the chain is broken. */
    readonly root_chain_digest: string;
    readonly scope_fidelity_verdict: ReviewVerdict;
    readonly review_bundle_shape?: "canonical-v0.1";
    /** The bundle's file of each role. */
    readonly review_bundle_files?: Readonly<Record<string, string>>;
  };
  readonly checks: readonly ReviewCheck[];
  readonly scope_fidelity_report: LifecycleFidelity;
  readonly public_safety: typeof PUBLIC_SAFETY;
  readonly non_claims: readonly string[];
}

export interface ReviewInput {
  readonly manifest: ExactJson;
  /** The artifact at a path under the root; each path is read once. */
  readonly load: (path: string) => ExactJson | undefined;
  readonly sourceManifest: string;
  readonly generatedAt: string;
}

/** A review reads files and does nothing else. */
const PUBLIC_SAFETY = {
  static_analysis_only: true,
  runtime_execution_performed: false,
  network_execution_performed: false,
  credentials_used: false,
  raw_output_included: false,
  publication_authorized: false,
} as const;

const NON_CLAIMS: readonly string[] = [
  "does_not_prove_signer_identity",
  "does_not_prove_legal_authorization",
  "does_not_prove_runtime_enforcement",
  "does_not_prove_live_vulnerability_evidence",
  "does_not_authorize_publication",
];

/**
 * Reviews a chain: schemas, integrity, lifecycle, scope, ticket use, in this order; the verdict is the worst of them.
 * Throws `LEGACY_VALUE` for an artifact that has no canonical form.
 */
export function reviewLifecycle({ manifest, load, sourceManifest, generatedAt }: ReviewInput): ReviewRecord {
  const input = { manifest, load: once(load) };
  const chain = verifyChain(input, { requireLifecycle: false, validateSchemas: false });
  const artifacts: RoleMap = chain.ok ? byRole(chain) : {};
  const report = lifecycleFidelity(artifacts);
  const checks = [
    schemaCheck(verifyChain(input, { requireLifecycle: false }), countOf(manifest)),
    chainCheck(chain),
    lifecycleCheck(chain, verifyChain(input, { requireLifecycle: true, validateSchemas: false })),
    scopeCheck(report),
    ticketCheck(artifacts),
  ];
  const root = chain.ok ? chain.chain.rootChainDigest : "";
  return {
    artifact_type: "review_record",
    schema_version: "v0.1",
    schema_ref: "schemas/review_record.v0.1.schema.json",
    generated_at: generatedAt,
    review_id: `review-record-${root === "" ? "unverified" : root.slice(0, 12)}`,
    review_profile: "sclite-lifecycle-review-v0.1",
    source_manifest: sourceManifest,
    verdict: worstOf(checks.map(({ status }) => status)),
    summary: {
      artifact_count: countOf(manifest),
      target_hosts: report.target_hosts,
      root_chain_digest: root,
      scope_fidelity_verdict: report.verdict,
    },
    checks,
    scope_fidelity_report: report,
    public_safety: PUBLIC_SAFETY,
    non_claims: NON_CLAIMS,
  };
}

function byRole({ chain }: VerifiedChain): Readonly<Record<string, ExactRecord>> {
  return Object.fromEntries(chain.entries.map(({ role, artifact }) => [role, artifact]));
}

function countOf(manifest: ExactJson): number {
  const entries = member(manifest, "entries");
  return isExactList(entries) ? entries.length : 0;
}

/** The chain is read three times here, its files once (spec kernel.md §5, last sentence). */
function once(load: ReviewInput["load"]): ReviewInput["load"] {
  const loaded = new Map<string, ExactJson | undefined>();
  return (path) => {
    if (!loaded.has(path)) loaded.set(path, load(path));
    return loaded.get(path);
  };
}
