import { readdirSync, readFileSync } from "node:fs";

/** Above it a descriptor cannot be covered; shells and service managers hand on small numbers. */
const DESCRIPTOR_MAX = 4096;
/** `O_CLOEXEC` in the octal flags of `/proc/self/fdinfo` (proc(5)). */
const CLOSE_ON_EXEC = 0o2000000;

/**
 * Descriptors that a child of this process would inherit unasked: whatever started us may have left files open.
 *
 * @throws RangeError when one is too high to cover.
 */
export function inheritedDescriptors(): readonly number[] {
  const inherited = readdirSync("/proc/self/fdinfo").map(Number).filter(isInherited);
  const high = inherited.find((descriptor) => descriptor > DESCRIPTOR_MAX);
  if (high !== undefined) throw new RangeError(`descriptor ${String(high)} would leak into the sandbox`);
  return inherited;
}

function isInherited(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${String(descriptor)}`, "latin1"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false;
  }
}
