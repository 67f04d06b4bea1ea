import { describe, expect, test } from "vitest";
import { explore, type Step } from "./explore.ts";
import { append, EMPTY, plan, WISHES, type Log, type Planned } from "./ticket-model.ts";

/**
 * Two actors share one log. Each may at any moment read the log and plan any wish, write what it planned, or crash and
 * lose its plan and its fence; between any two moments a minute may pass. The bound: this many moments in all, in every
 * order, which is room for each actor to issue, use, crash, try again and seal.
 */
const MOMENTS = 12;
const MINUTES = 3;

interface Actor {
  readonly planned: Planned | null;
  /** The fence its use of the ticket was answered with; 0 when it holds none. */
  readonly held: number;
}

interface World {
  readonly log: Log;
  readonly now: number;
  readonly actors: readonly [Actor, Actor];
}

type Append = (log: Log, planned: Planned) => Log | null;

const IDLE: Actor = { planned: null, held: 0 };
const START: World = { log: EMPTY, now: 0, actors: [IDLE, IDLE] };

function movesOf(world: World, write: Append): readonly Step<World>[] {
  const passes = world.now < MINUTES ? [{ label: "minute", next: { ...world, now: world.now + 1 } }] : [];
  return [...passes, ...[0, 1].flatMap((who) => actorMoves(world, who as 0 | 1, write))];
}

function actorMoves(world: World, who: 0 | 1, write: Append): readonly Step<World>[] {
  const actor = world.actors[who];
  const become = (label: string, next: Actor, log = world.log): Step<World> => ({
    label: `${String(who)}:${label}`,
    next: { ...world, log, actors: who === 0 ? [next, world.actors[1]] : [world.actors[0], next] },
  });
  const { planned, held } = actor;
  if (planned === null) {
    return WISHES.flatMap((wish) => {
      const made = plan(world.log, wish, { now: world.now, held });
      return made === null ? [] : [become(`plan ${wish}`, { planned: made, held })];
    });
  }
  const written = write(world.log, planned);
  const answered = written !== null && planned.wish === "use" ? written.fence : held;
  return [
    become("crash", IDLE),
    written === null
      ? become("too late", { planned: null, held })
      : become(`write ${planned.wish}`, { planned: null, held: answered }, written),
    // The write is durable and the answer is lost: the actor comes back knowing nothing.
    ...(written === null ? [] : [become(`write ${planned.wish} and crash`, IDLE, written)]),
  ];
}

/** What must never be seen in a log; empty when it is sound. */
function faultsOf({ entries }: Log): readonly string[] {
  const first = (name: string): number => entries.findIndex((entry) => entry.startsWith(name));
  const count = (name: string): number => entries.filter((entry) => entry.startsWith(name)).length;
  const use = first("use");
  const faults: [string, boolean][] = [
    ["two uses", count("use") > 1],
    ["two tickets", count("issue") > 1],
    ["two ends of one run", count("seal") + count("take_over") > 1],
    ["a use after the revocation", use > first("revoke") && first("revoke") >= 0],
    ["a revocation after the use", use >= 0 && first("revoke") > use],
    ["a use after the expiry", use > first("expire") && first("expire") >= 0],
    ["an end of what never began", use < 0 && count("seal") + count("take_over") > 0],
    ["a receipt after the run was taken over", first("seal") > first("take_over") && first("take_over") >= 0],
  ];
  return faults.filter(([, found]) => found).map(([name]) => name);
}

function logsOf(write: Append): { readonly logs: readonly Log[]; readonly complete: boolean } {
  const { states, complete } = explore([START], (world) => movesOf(world, write), MOMENTS);
  const logs = new Map([...states.values()].map(({ state: { log } }) => [JSON.stringify(log), log]));
  return { logs: [...logs.values()], complete };
}

describe(`one ticket between two actors, in every order of ${String(MOMENTS)} moments`, () => {
  const { logs, complete } = logsOf(append);
  const seen = new Set(logs.flatMap(({ entries }) => entries.map((entry) => entry.split(/[@:]/)[0] ?? "")));

  test("nothing new is beyond the bound, and every kind of step happens in some order", () => {
    expect(complete).toBe(true);
    expect([...seen].toSorted()).toEqual([...WISHES].toSorted());
  });

  test("is used at most once, never after its revocation or expiry, and ends once", () => {
    for (const log of logs) expect(faultsOf(log), log.entries.join(", ")).toEqual([]);
  });
});

describe("without the guard that the store keeps", () => {
  const { logs } = logsOf((log, planned) => ({
    ...planned.log,
    entries: [...log.entries, planned.log.entries.at(-1) ?? ""],
  }));

  test("the same orders show a ticket issued twice, used twice, and used after its revocation", () => {
    const faults = new Set(logs.flatMap(faultsOf));
    expect([...faults]).toEqual(expect.arrayContaining(["two uses", "a use after the revocation", "two tickets"]));
  });
});
