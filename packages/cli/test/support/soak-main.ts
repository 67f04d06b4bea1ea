import { createInstallation } from "./installation.ts";
import { soak } from "./soak.ts";

const kills = Number(process.argv[2] ?? "1000");
const writ = createInstallation();
const started = performance.now();
try {
  const report = await soak(writ, {
    kills,
    clients: 16,
    onKill: (count) => void (count % 25 === 0 && process.stderr.write(`killed ${String(count)} of ${String(kills)}\n`)),
  });
  const { decisions, approvals, receipts, lost, ranTwice } = report;
  process.stdout.write(
    `${String(kills)} kills in ${((performance.now() - started) / 1000).toFixed(0)} s: acknowledged ${String(decisions)} decisions, ` +
      `${String(approvals)} approvals, ${String(receipts)} receipts; lost ${String(lost.length)}, ran twice ${String(ranTwice.length)}\n`,
  );
  for (const id of [...lost, ...ranTwice].slice(0, 20)) process.stdout.write(`  ${id}\n`);
  process.exitCode = lost.length + ranTwice.length === 0 ? 0 : 1;
} finally {
  await writ.dispose();
}
