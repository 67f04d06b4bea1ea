import { AuditReport } from "./audit-report.ts";
import { sameBytes } from "./encoding.ts";
import { StoredCheckpoints } from "./log-checkpoints.ts";
import type { LogFileOptions } from "./log-file.ts";
import type { CleanBlock } from "./log-block.ts";
import type { LogRows } from "./log-rows.ts";
import { LogWalk } from "./log-walk.ts";
import type { Remembered } from "./remembered.ts";
import type { Report } from "./verdict.ts";

/** Every entry rehashed, every tile compared, every checkpoint held against the root at its size, in one pass. */
export function checkWholeLog(
  rows: LogRows,
  options: LogFileOptions,
  report: Report,
  since: Remembered | undefined,
  blocks: ReadonlyMap<number, CleanBlock>,
): void {
  const head = rows.head();
  if (head === undefined) {
    return report.add({ code: "EMPTY", aspect: "completeness", where: {}, what: "the database holds no log" });
  }
  const checkpoints = new StoredCheckpoints(options, report, rows.meta("origin"));
  const signed = checkpoints.judge(rows, head.size);
  const audit = options.audit === true ? new AuditReport(report, options.now) : undefined;
  const walk = new LogWalk({ blocks, rows, report, checkpoints, since, audit, sealed: options.sealed === true });
  walk.run();
  audit?.finish(true);
  if (walk.size !== head.size) {
    const what = `the head counts \`${head.size}\` entries, there are \`${walk.size}\``;
    report.add({
      code: "SIZE_MISMATCH",
      aspect: "integrity",
      where: { index: Math.min(walk.size, head.size) },
      what,
      ...walk.good,
    });
  } else if (!sameBytes(walk.root(), head.root) || !sameBytes(walk.frontier(), head.frontier)) {
    const what = "the entries do not give the head's root and frontier";
    report.add({ code: "HEAD_MISMATCH", aspect: "integrity", where: { size: head.size }, what, ...walk.good });
  }
  if (walk.size === 0)
    report.add({ code: "EMPTY", aspect: "completeness", where: {}, what: "there is no entry in it" });
  const first = rows.smallestIndex();
  if (first < 0) {
    const what = `an entry has index \`${first}\`, before the first of the log`;
    report.add({ code: "INDEX_GAP", aspect: "integrity", where: { index: first }, what });
  }
  since?.finish(signed, true);
  report.integrityChecked = signed !== undefined;
  report.completenessChecked = true;
}
