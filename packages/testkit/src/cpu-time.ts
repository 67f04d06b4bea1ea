/** Milliseconds of computing that `work` took on this thread: other processes and threads do not lengthen it. */
export function cpuMs(work: () => void): number {
  const before = used();
  work();
  const after = used();
  return (after.user + after.system - before.user - before.system) / 1_000;
}

/** In microseconds. Node before 23.9 knows it for the whole process alone. */
function used(): NodeJS.CpuUsage {
  return process.threadCpuUsage?.() ?? process.cpuUsage();
}
