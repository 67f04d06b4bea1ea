/** A step that a machine takes: what happened, and the state after it. */
export interface Step<State> {
  readonly label: string;
  readonly next: State;
}

export interface Explored<State> {
  /** Every state that is reached within the bound, with the labels of a shortest way to it. */
  readonly states: ReadonlyMap<string, { readonly state: State; readonly way: readonly string[] }>;
  readonly steps: number;
  /** True when nothing new is beyond the bound. */
  readonly complete: boolean;
}

/**
 * Breadth first from `starts`, each state once: a state that was seen is not walked again, so every sequence of up to
 * `depth` steps is covered in the time of the states, not of the sequences.
 */
export function explore<State>(
  starts: readonly State[],
  steps: (state: State, way: readonly string[]) => readonly Step<State>[],
  depth: number,
): Explored<State> {
  const states = new Map(starts.map((state) => [JSON.stringify(state), { state, way: [] as readonly string[] }]));
  let [frontier, taken] = [[...states.values()], 0];
  for (let level = 0; level < depth && frontier.length > 0; level++) {
    const reached: typeof frontier = [];
    for (const { state, way } of frontier) {
      for (const { label, next } of steps(state, way)) {
        taken++;
        const key = JSON.stringify(next);
        if (states.has(key)) continue;
        const found = { state: next, way: [...way, label] };
        states.set(key, found);
        reached.push(found);
      }
    }
    frontier = reached;
  }
  return { states, steps: taken, complete: frontier.length === 0 };
}

/** States from which no end can be reached; empty when there is no dead end. */
export function deadEnds<State>(
  all: Iterable<State>,
  steps: (state: State) => readonly Step<State>[],
  isEnd: (state: State) => boolean,
): readonly State[] {
  return [...all].filter(
    (state) => ![...explore([state], steps, Infinity).states.values()].some((one) => isEnd(one.state)),
  );
}
