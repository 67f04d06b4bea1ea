import { describe, expect, test } from "vitest";
import { seccompFilter } from "../src/seccomp.ts";
import { CAPABILITY_CALLS, DEADLY_CALLS, REFUSED_CALLS } from "../src/system-calls.ts";

const X86_64 = 0xc000003e;
const AARCH64 = 0xc00000b7;
const ALLOW = "allow";
const EPERM = "error 1";
const ENOSYS = "error 38";

/** A second, slow reading of classic BPF, as the kernel defines it (`linux/filter.h`). */
function answer(
  architecture: "x64" | "arm64",
  call: { audit: number; number: number; args?: readonly number[] },
  observed = true,
): string {
  const program = seccompFilter(architecture, observed);
  if (program === null) throw new Error("no filter");
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, call.audit, true);
  (call.args ?? []).forEach((value, index) => data.setBigUint64(16 + index * 8, BigInt(value), true));
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  let accumulator = 0;
  for (let at = 0; at < program.byteLength / 8; at++) {
    const constant = code.getUint32(at * 8 + 4, true);
    const jump = (taken: boolean): void => void (at += code.getUint8(at * 8 + (taken ? 2 : 3)));
    switch (code.getUint16(at * 8, true)) {
      case 0x20:
        accumulator = data.getUint32(constant, true);
        break;
      case 0x15:
        jump(accumulator === constant);
        break;
      case 0x35:
        jump(accumulator >= constant);
        break;
      case 0x45:
        jump((accumulator & constant) !== 0);
        break;
      case 0x06:
        return constant === 0x7fff0000
          ? ALLOW
          : `${constant === 0x30000 ? "signal" : "error"} ${String(constant & 0xffff)}`;
      default:
        throw new Error("an operation this filter does not use");
    }
  }
  throw new Error("the program ran off its end");
}

describe.each([
  ["x64", X86_64, 1, { read: 0, openat: 257, clone: 56, ioctl: 16, socket: 41, fchmod: 91, fchmodat: 268 }],
  ["arm64", AARCH64, 2, { read: 63, openat: 56, clone: 220, ioctl: 29, socket: 198, fchmod: 52, fchmodat: 53 }],
] as const)("the filter of %s", (architecture, audit, column, numbers) => {
  const ask = (number: number, ...args: readonly number[]): string => answer(architecture, { audit, number, args });

  test.each(REFUSED_CALLS.filter((row) => row[column] !== null).map((row) => [row[0], row[column]] as const))(
    "refuses %s",
    (_, number) => {
      expect(ask(number ?? -1)).toBe(EPERM);
    },
  );

  test.each(CAPABILITY_CALLS.map((row) => [row[0], row[column]] as const))(
    "leaves %s to the kernel where an observer sees it refused, and refuses it elsewhere",
    (_, number) => {
      expect(ask(number ?? -1)).toBe(ALLOW);
      expect(answer(architecture, { audit, number: number ?? -1 }, false)).toBe(EPERM);
    },
  );

  test.each(DEADLY_CALLS.map((row) => [row[0], row[column]] as const))("ends who calls %s", (_, number) => {
    expect(ask(number ?? -1)).toBe("signal 0");
    expect(answer(architecture, { audit, number: number ?? -1 }, false)).toBe("signal 0");
  });

  test.each([425, 426, 427, 435, 437, 452, 463, 999])(
    "knows no call %i, so that programs take another way",
    (number) => {
      expect(ask(number)).toBe(ENOSYS);
    },
  );

  test("allows the calls every program makes", () => {
    expect(ask(numbers.read)).toBe(ALLOW);
    expect(ask(numbers.openat)).toBe(ALLOW);
  });

  test.each([
    ["threads", 0x003d0f00, ALLOW],
    ["a child", 17, ALLOW],
    ["a user namespace", 0x10000000 | 17, EPERM],
    ["a mount namespace", 0x00020000, EPERM],
    ["a network namespace", 0x40000000, EPERM],
    ["a child that nobody traces", 0x00800000 | 17, EPERM],
  ])("clone of %s", (_, flags, expected) => {
    expect(ask(numbers.clone, flags)).toBe(expected);
  });

  test.each([
    ["a window's size", 0x5413, ALLOW],
    ["TIOCSTI", 0x5412, EPERM],
    ["TIOCLINUX", 0x541c, EPERM],
  ])("ioctl for %s", (_, request, expected) => {
    expect(ask(numbers.ioctl, 0, request)).toBe(expected);
  });

  test("TIOCSTI with bits above the 32 that the kernel reads is refused all the same", () => {
    expect(ask(numbers.ioctl, 0, 0x1_0000_5412)).toBe(EPERM);
  });

  test.each([
    ["AF_UNIX", 1, ALLOW],
    ["AF_INET", 2, ALLOW],
    ["AF_INET6", 10, ALLOW],
    ["AF_NETLINK", 16, ALLOW],
    ["AF_PACKET", 17, ALLOW],
    ["AF_ALG", 38, "error 97"],
    ["AF_VSOCK", 40, "error 97"],
  ])("a socket of %s", (_, family, expected) => {
    expect(ask(numbers.socket, family)).toBe(expected);
  });

  test.each([
    ["an ordinary program", 0o755, ALLOW],
    ["a sticky folder", 0o1777, ALLOW],
    ["set-user-ID", 0o4755, EPERM],
    ["set-group-ID", 0o2755, EPERM],
  ])("the mode of %s", (_, mode, expected) => {
    expect(ask(numbers.fchmod, 3, mode)).toBe(expected);
    expect(ask(numbers.fchmodat, -100 >>> 0, 0, mode)).toBe(expected);
    expect(ask(numbers.openat, 0, 0, 0o101, mode)).toBe(expected);
    expect(ask(numbers.openat, 0, 0, 0o20200002, mode)).toBe(expected);
    // Without O_CREAT the argument is not read.
    expect(ask(numbers.openat, 0, 0, 0o2, mode)).toBe(ALLOW);
  });

  test("refuses the calls of every other architecture", () => {
    expect(answer(architecture, { audit: 0x40000003, number: 5 })).toBe(ENOSYS);
    expect(ask(0x40000000 + numbers.read)).toBe(ENOSYS);
  });
});

test("an architecture whose numbers are unknown has no filter", () => {
  expect(seccompFilter("riscv64", true)).toBeNull();
});
