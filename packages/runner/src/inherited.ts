import { readdirSync, readFileSync } from "node:fs";

/** From it on a descriptor is not covered but refused; shells and service managers hand on small numbers. */
export const DESCRIPTOR_END = 4097;
/** `O_CLOEXEC` in the octal flags of `/proc/self/fdinfo` (proc(5)). */
const CLOSE_ON_EXEC = 0o2000000;

/** Descriptors that a child of this process would inherit unasked: whatever started us may have left files open. */
export function inheritedDescriptors(): readonly number[] {
  return readdirSync("/proc/self/fdinfo").map(Number).filter(isInherited);
}

function isInherited(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${String(descriptor)}`, "latin1"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false;
  }
}
