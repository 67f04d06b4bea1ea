import { isWritError } from "@writ/canon";
import { expect, test } from "vitest";

import { effort, EFFORT_TIMEOUT_MS } from "./effort.ts";
import { freshFolder, MEMORY_FOLDER } from "./ledger.ts";
import { checkHistory } from "./postgres-history.ts";
import type { Acknowledged } from "./postgres-history.ts";
import { CALM } from "./simulation/network.ts";
import type { Weather } from "./simulation/network.ts";
import { STORM, World } from "./simulation/world.ts";

const RUNS = effort(200, 10_000);
const SEED = Number(process.env["WRIT_SEED"] ?? Date.now() % 1_000_000);
const NODES = 4;
const CALLERS = 5;
const GROUPS = 4;
/** Once-only facts that all callers want: fewer than there are groups. */
const FACTS = 8;
/** An hour of virtual time: nothing takes so long that is not stuck. */
const LIMIT_MS = 3_600_000;

interface Story {
  readonly acknowledged: Acknowledged[];
  /** Who was told that a fact is theirs. */
  readonly facts: Map<string, number>;
  readonly kills: number;
}

/** Callers that append through any node until they have an answer, while nodes, server, disk and network fail. */
async function live(world: World): Promise<Story> {
  const story = { acknowledged: [] as Acknowledged[], facts: new Map<string, number>(), kills: 0 };
  const callers = new Set(Array.from({ length: CALLERS }, (_, number) => number));
  const mischief = async () => {
    while (callers.size > 0) {
      await world.time.after(world.random() * 400);
      const node = world.below(NODES);
      const kind = world.below(6);
      if (kind === 0) world.server.crash(world.random() * 300);
      else if (kind === 1) world.setClock(node, (world.below(3) - 1) * 3_600_000);
      else if (kind < 4) {
        world.kill(node);
        story.kills++;
      }
    }
  };
  const caller = async (number: number) => {
    for (let round = 0; round < GROUPS; round++) {
      await world.time.after(world.random() * 100);
      await appendSurely(world, story, number, round);
    }
    callers.delete(number);
  };
  const trouble = mischief();
  await Promise.all([...callers].map((number) => caller(number)));
  await trouble;
  return story;
}

async function appendSurely(world: World, story: Story, caller: number, round: number): Promise<void> {
  const note = { content: world.bytes(20), type: "a/b" };
  const src = { id: `caller-${caller}`, n: round };
  const first = world.newEntry({ src, ...(world.below(4) === 0 ? { private: { note } } : {}) });
  const group = [first, ...Array.from({ length: world.below(3) }, () => world.newEntry())];
  const fact = world.below(3) === 0 ? `fact:${world.below(FACTS)}` : undefined;
  for (;;) {
    try {
      const result = await world.append(world.below(NODES), group, fact === undefined ? [] : [fact]);
      if (result.ok) {
        story.acknowledged.push(...result.entries);
        if (fact === undefined) return;
        // INVARIANT: nobody else was told so.
        expect(story.facts.get(fact)).toBeUndefined();
        story.facts.set(fact, result.entries[0]?.index ?? -1);
        return;
      }
      // Somebody else has the fact: the emitter's number is still to be used.
      await appendPlain(world, story, src);
      return;
    } catch (error) {
      refuseWrongs(error);
      await world.time.after(10 + world.random() * 200);
    }
  }
}

async function appendPlain(world: World, story: Story, src: { id: string; n: number }): Promise<void> {
  const group = [world.newEntry({ src })];
  for (;;) {
    try {
      const result = await world.append(world.below(NODES), group, []);
      if (!result.ok) throw new Error("no guard was asked for");
      story.acknowledged.push(...result.entries);
      return;
    } catch (error) {
      refuseWrongs(error);
      await world.time.after(10 + world.random() * 200);
    }
  }
}

/** Failures of the weather are tried again; these never come of it. */
function refuseWrongs(error: unknown): void {
  const wrongs = [
    "ID_REUSED",
    "SEQUENCE_GAP",
    "LEDGER_FORKED",
    "LEDGER_CORRUPT",
    "ROLLBACK_DETECTED",
    "SIGNER_REFUSED",
  ];
  if (wrongs.some((code) => isWritError(error, code)) || !(error instanceof Error)) throw error;
  if (!isWritError(error) && error.message !== "the node died") throw error;
}

/** Promises 1 to 3 of the ledger in the log as it is; promise 4 for a copy that was taken half-way. */
async function check(world: World, { acknowledged, facts }: Story): Promise<void> {
  world.weather = CALM;
  // The server may be down for a moment yet.
  await world.time.after(1_000);
  const witness = await world.openWitness();
  await witness.checkpoint();
  await checkHistory(witness, world.server.database({ alive: true }), world.signer, acknowledged);
  for (const [fact, index] of facts) expect(await witness.guard(fact)).toBe(index);
  await witness.close();
  const server = world.restore("old.db");
  const old = await world.openWitness(server);
  expect(await old.status()).toMatchObject({ readOnly: { code: "ROLLBACK_DETECTED" } });
  await old.close();
  server.close();
}

async function simulate(seed: number, weather: Weather = STORM): Promise<Story> {
  using folder = freshFolder(MEMORY_FOLDER);
  const world = new World({ seed, folder: folder.path, nodes: NODES });
  world.weather = weather;
  try {
    const whole = async () => {
      const first = await appendFirst(world);
      world.copy("old.db");
      const story = await live(world);
      await check(world, { ...story, acknowledged: [...first, ...story.acknowledged] });
      return story;
    };
    return await world.time.pass(whole(), LIMIT_MS);
  } finally {
    world.server.close();
  }
}

async function appendFirst(world: World): Promise<Acknowledged[]> {
  const story: Story = { acknowledged: [], facts: new Map(), kills: 0 };
  await appendPlain(world, story, { id: "first", n: 0 });
  return story.acknowledged;
}

test(
  `${RUNS} simulated lives of ${NODES} nodes keep the promises of the ledger (seeds from ${SEED})`,
  { timeout: EFFORT_TIMEOUT_MS },
  async () => {
    let entries = 0;
    let kills = 0;
    for (let run = 0; run < RUNS; run++) {
      const story = await simulate(SEED + run).catch((cause: unknown) => {
        throw new Error(`seed ${SEED + run}: ${String(cause)}`, { cause });
      });
      entries += story.acknowledged.length;
      kills += story.kills;
    }
    console.info(`simulation: ${RUNS} lives from seed ${SEED}, ${entries} entries, ${kills} nodes killed`);
    expect(kills).toBeGreaterThan(RUNS);
  },
);

test("a seed replays its life", async () => {
  for (const seed of [SEED, SEED + 1]) expect(await simulate(seed)).toEqual(await simulate(seed));
});

test("control: a database that answers commits it did not do is found out", async () => {
  const lives = Array.from({ length: 10 }, (_, run) => SEED + run);
  const outcomes: string[] = [];
  for (const seed of lives) {
    const outcome = simulate(seed, { ...STORM, lie: 0.1 });
    outcomes.push(
      await outcome.then(
        () => "kept",
        () => "broken",
      ),
    );
  }
  expect(outcomes).toContain("broken");
});
