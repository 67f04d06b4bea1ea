/** What the policies said, as ranks in no order. A policy may be entered twice. */
export class Verdict {
  readonly satisfied: number[] = [];
  readonly erring: number[] = [];

  add(rank: number, holds: boolean | undefined): void {
    if (holds === true) this.satisfied.push(rank);
    else if (holds === undefined) this.erring.push(rank);
  }

  /** Ranks ascending, each once. */
  settle(): void {
    settleRanks(this.satisfied);
    settleRanks(this.erring);
  }
}

function settleRanks(ranks: number[]): void {
  if (ranks.length < 2) return;
  ranks.sort((a, b) => a - b);
  let kept = 1;
  for (let index = 1; index < ranks.length; index++) {
    if (ranks[index] !== ranks[kept - 1]) ranks[kept++] = ranks[index]!;
  }
  ranks.length = kept;
}
