import type { Refusal } from "@writ/kernel";

/** Different attempts kept of each rank; twice what a receipt lists of all together. More are counted. */
const KEPT_MAX = 128;

/** What an attempt was at, the gravest first; `secret` is a place that is withheld from every process. */
const RANKS = ["secret", "write", "network", "environment", "sandbox", "limit", "read"] as const;
type Rank = (typeof RANKS)[number];

export interface AttemptList {
  readonly note: (refusal: Refusal, isSecret: boolean) => void;
  /** The gravest first; a flood of one rank leaves room for the others. */
  readonly listed: () => readonly Refusal[];
}

export function createAttemptList(): AttemptList {
  const kept = new Map<Rank, Map<string, Repeated>>(RANKS.map((rank) => [rank, new Map()]));
  let others = 0;
  return {
    note: (refusal, isSecret) => {
      const rank = kept.get(isSecret ? "secret" : refusal.kind)!;
      const key = `${refusal.kind} ${refusal.target}`;
      const known = rank.get(key);
      if (known !== undefined) known.times += 1;
      else if (rank.size < KEPT_MAX) rank.set(key, { refusal, times: 1 });
      else others += 1;
    },
    listed: () => [
      ...(others === 0 ? [] : [unlisted(others)]),
      ...[...kept.values()].flatMap((rank) => [...rank.values()].map(told)),
    ],
  };
}

interface Repeated {
  readonly refusal: Refusal;
  times: number;
}

function told({ refusal, times }: Repeated): Refusal {
  return times === 1 ? refusal : { ...refusal, detail: `${refusal.detail}, ${String(times)} times` };
}

function unlisted(count: number): Refusal {
  return { kind: "limit", target: "refusals", detail: `${String(count)} further attempts are not listed` };
}
