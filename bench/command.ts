import { BUNDLE, createInstallation, LAUNCHER } from "./installation.ts";
import { interleave } from "./measure.ts";
import type { Sample } from "./measure.ts";
import { atMost } from "./report.ts";
import type { Context, Report } from "./report.ts";
import { sampleSpawns, slower, spawnFigure, SPAWNS } from "./spawns.ts";

/** What a command costs before and beside its work, against Node alone (ARCHITECTURE §8). */
export async function commandBenchmark(context: Context): Promise<Report> {
  const writ = createInstallation(context.folder());
  const up = await writ.up();
  const options = { env: writ.environment, cwd: writ.workspace, quick: context.quick };
  const spawns = (...args: readonly string[]): (() => Sample) => {
    return () => sampleSpawns(process.execPath, args, options);
  };
  try {
    const { node, bundle, help, status } = await interleave(
      { rounds: context.rounds },
      {
        node: spawns("-e", "0"),
        bundle: spawns(BUNDLE, "--help"),
        help: spawns(LAUNCHER, "--help"),
        status: spawns(LAUNCHER, "status"),
      },
    );
    const bare = { of: "node -e 0", series: node };
    return {
      title: "Commands",
      how: [
        `Whole processes from spawn to exit, ${SPAWNS} in a row, in turns; an owner (\`writ up\`) is running. “Cold” means a new process, with Node's compile cache filled by an earlier one. \`writ\` is the launcher as npm links it.`,
      ],
      figures: [
        spawnFigure("node -e 0", node),
        spawnFigure("the bundle, --help", bundle, bare),
        spawnFigure("writ --help", help, bare),
        spawnFigure("writ status", status, bare),
      ],
      goals: [
        atMost("writ --help", slower(help, node), 1.5, { unit: " × node -e 0" }),
        atMost("writ status", slower(status, node), 1.5, { unit: " × node -e 0" }),
      ],
      wrong: [],
    };
  } finally {
    await up.stop();
  }
}
