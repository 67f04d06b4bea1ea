import { spawnSync } from "node:child_process";

import { createInstallation, LAUNCHER } from "./installation.ts";
import { interleave } from "./measure.ts";
import type { Sample } from "./measure.ts";
import type { Context, Report } from "./report.ts";
import { milliseconds, sampleSpawns, spawnFigure, SPAWNS } from "./spawns.ts";

const SANDBOX = "--unshare-all --die-with-parent --ro-bind / / --dev /dev --proc /proc true".split(" ");

/** A command under a writ against the sandbox program alone. */
export async function runBenchmark(context: Context): Promise<Report> {
  const title = "A command under a writ";
  if (spawnSync("bwrap", SANDBOX).status !== 0) {
    return { title, how: [], figures: [], goals: [], wrong: [], notMeasured: ["bubblewrap does not work here"] };
  }
  const writ = createInstallation(context.folder());
  writ.run("mode", "none");
  writ.run("posture", "OFFENSE");
  const up = await writ.up();
  const options = { env: writ.environment, cwd: writ.workspace, quick: context.quick };
  const spawns = (program: string, ...args: readonly string[]): (() => Sample) => {
    return () => sampleSpawns(program, args, options);
  };
  try {
    const { bare, bwrap, node, run } = await interleave(
      { rounds: context.rounds },
      {
        bare: spawns("true"),
        bwrap: spawns("bwrap", ...SANDBOX),
        node: spawns(process.execPath, "-e", "0"),
        run: spawns(process.execPath, LAUNCHER, "run", "--", "true"),
      },
    );
    return {
      title,
      how: [
        `Whole processes, ${SPAWNS} in a row, in turns. \`writ run -- true\` asks a running owner, is decided, ticketed, run in bubblewrap under its system call filter and receipted: five durable entries. \`bwrap … true\` is the sandbox program alone.`,
      ],
      figures: [
        spawnFigure("true", bare),
        spawnFigure("bwrap … true", bwrap, { of: "true", series: bare }),
        spawnFigure("node -e 0", node),
        spawnFigure("writ run -- true", run, { of: "bwrap … true", series: bwrap }),
        {
          what: "writ run -- true, beyond bwrap and an idle node",
          value: milliseconds(run) - milliseconds(bwrap) - milliseconds(node),
          unit: "ms",
        },
      ],
      goals: [],
      wrong: [],
    };
  } finally {
    await up.stop();
  }
}
