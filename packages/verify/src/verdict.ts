import { toBase64 } from "./encoding.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * Three questions, answered apart: was anything changed, is anything missing, does the reader's policy trust it.
 * `not_established`: nothing speaks against it, but it could not be checked; that is no pass.
 */
export type Verdict = "good" | "bad" | "not_established";

export interface Verdicts {
  readonly integrity: Verdict;
  readonly completeness: Verdict;
  readonly policy: Verdict;
}

/** `meaning`: about what was recorded, not about the record; it changes no verdict. */
export type FindingAspect = keyof Verdicts | "meaning";

export interface Where {
  /** Line of the file, from 1. */
  readonly line?: number;
  /** Offset in the file, in bytes. */
  readonly byte?: number;
  /** Index of an entry. */
  readonly index?: number;
  /** Size of a checkpoint. */
  readonly size?: number;
  readonly field?: string;
  /** Level and number of a tile. */
  readonly tile?: string;
}

export interface Finding {
  readonly code: string;
  readonly aspect: FindingAspect;
  readonly where: Where;
  /** One sentence. */
  readonly what: string;
  /** The log up to this size was proved good, where that is known. */
  readonly lastGoodSize?: number;
}

export interface VerifyResult {
  readonly ok: boolean;
  /** 0 good, 4 changed or inconsistent, 6 policy not met, 5 incomplete; the first that applies in this order after 0. */
  readonly exitCode: 0 | 4 | 5 | 6;
  readonly kind: "bundle" | "log" | "proof";
  readonly verdicts: Verdicts;
  readonly findings: readonly Finding[];
  /** Findings beyond the first 1,000, counted only. */
  readonly findingsOmitted: number;
  readonly origin: string | null;
  readonly size: number | null;
  /** Base64. */
  readonly root: string | null;
  /** Entries whose place in the log was checked. */
  readonly entries: number;
  /** Private fields whose commitment was checked. */
  readonly opened: number;
  readonly cosignatures: readonly { readonly name: string; readonly time: number }[];
  /** The signed note that a reader should remember after a pass. */
  readonly checkpoint: string | null;
  /** What this result does not say. */
  readonly notProven: readonly string[];
}

/** Spec ledger.md §1, last paragraph, and §14. */
const NEVER_PROVEN = [
  "that what was recorded is true",
  "that the agent was right",
  "that an action taken outside Writ was seen",
  "that the operator did not write the log anew, if no checkpoint of it ever left the machine",
];
const FINDINGS_MAX = 1000;

/** Gathers findings and turns them into a result. */
export class Report {
  entries = 0;
  opened = 0;
  /** Set when the checkpoint was read and held against the policy. */
  policyJudged = false;
  /** Set when everything that is there was tied to the checkpoint. */
  integrityChecked = false;
  completenessChecked = false;
  checkpoint: { readonly note: string; readonly head: Checkpoint } | undefined;
  cosignatures: readonly { readonly name: string; readonly time: number }[] = [];
  readonly notProven: string[] = [...NEVER_PROVEN];
  readonly #kind: VerifyResult["kind"];
  readonly #findings: Finding[] = [];
  readonly #spoken = new Set<FindingAspect>();
  #omitted = 0;

  constructor(kind: VerifyResult["kind"]) {
    this.#kind = kind;
  }

  add(finding: Finding): void {
    this.#spoken.add(finding.aspect);
    if (this.#findings.length < FINDINGS_MAX) this.#findings.push(finding);
    else this.#omitted += 1;
  }

  get isEmpty(): boolean {
    return this.#spoken.size === 0;
  }

  result(): VerifyResult {
    const verdicts = {
      integrity: this.#verdict("integrity", this.integrityChecked),
      completeness: this.#verdict("completeness", this.completenessChecked),
      policy: this.#verdict("policy", this.policyJudged),
    };
    const exitCode = exitCodeOf(verdicts);
    const head = this.checkpoint?.head;
    return {
      ok: exitCode === 0,
      exitCode,
      kind: this.#kind,
      verdicts,
      findings: this.#findings,
      findingsOmitted: this.#omitted,
      origin: head?.origin ?? null,
      size: head?.size ?? null,
      root: head === undefined ? null : toBase64(head.root),
      entries: this.entries,
      opened: this.opened,
      cosignatures: this.cosignatures,
      checkpoint: this.checkpoint?.note ?? null,
      notProven: this.notProven,
    };
  }

  #verdict(aspect: keyof Verdicts, checked: boolean): Verdict {
    if (this.#spoken.has(aspect)) return "bad";
    return checked ? "good" : "not_established";
  }
}

function exitCodeOf({ integrity, completeness, policy }: Verdicts): VerifyResult["exitCode"] {
  if (integrity === "bad") return 4;
  if (policy === "bad") return 6;
  return integrity === "good" && completeness === "good" && policy === "good" ? 0 : 5;
}
