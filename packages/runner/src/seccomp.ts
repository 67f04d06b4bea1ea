import {
  ABSENT_CALLS,
  CAPABILITY_CALLS,
  DEADLY_CALLS,
  MODE_CALLS,
  REFUSED_CALLS,
  UNKNOWN_FROM,
  type CallNumbers,
} from "./system-calls.ts";

/**
 * The system-call filter as classic BPF (Linux `seccomp(2)`, `linux/filter.h`), ready for `bwrap --seccomp`; null on an
 * architecture whose numbers are not known here.
 *
 * It refuses what namespaces alone do not settle: calls that bypass the filter itself (`io_uring`), reach into other
 * processes, mount, load code into the kernel, open further user namespaces or push characters into a terminal, and
 * socket families that no network namespace confines (`AF_VSOCK` reaches the hypervisor).
 *
 * @param observed whether strace watches: what the kernel refuses by itself it is then left to refuse, in sight.
 */
export function seccompFilter(architecture: NodeJS.Architecture, observed: boolean): Uint8Array | null {
  const machine = MACHINES[architecture as keyof typeof MACHINES] as Machine | undefined;
  return machine === undefined ? null : encode(filter(machine, observed));
}

const MACHINES = {
  x64: { audit: 0xc000003e, column: 1, clone: 56, ioctl: 16, socket: 41 },
  arm64: { audit: 0xc00000b7, column: 2, clone: 220, ioctl: 29, socket: 198 },
} as const satisfies { readonly [Name in NodeJS.Architecture]?: Machine };

interface Machine {
  readonly audit: number;
  readonly column: 1 | 2;
  readonly clone: number;
  readonly ioctl: number;
  readonly socket: number;
}

/** One BPF instruction: operation, jump if true, jump if false, constant. Jumps count from the next instruction. */
type Instruction = readonly [code: number, yes: number, no: number, constant: number];

const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;

// Offsets into `struct seccomp_data`; arguments are 64 bits, their low halves come first on both machines.
const CALL = 0;
const AUDIT = 4;
const ARGUMENTS = 16;

const ALLOW = 0x7fff0000;
/** SECCOMP_RET_TRAP: the call is not made, and the process gets SIGSYS. */
const SIGSYS = 0x00030000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const EAFNOSUPPORT = 0x00050061;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET; CLONE_UNTRACED, which leaves the observer's sight. */
const REFUSED_CLONES = 0x7e020000 | 0x00800000;
/** TIOCSTI types into the terminal; TIOCLINUX pastes into a console. */
const TERMINAL_INJECTION = [0x5412, 0x541c];
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET: what namespaces confine, the last also to a capability. */
const CONFINED_FAMILIES = [1, 2, 10, 16, 17];
/** S_ISUID and S_ISGID. */
const SET_ID_BITS = 0o6000;
/** O_CREAT, and the bit of O_TMPFILE that is its own. */
const CREATING_FLAGS = 0o100 | 0o20000000;
function filter(machine: Machine, observed: boolean): Instruction[] {
  const answer = (calls: readonly CallNumbers[], how: number): Instruction[] =>
    calls.flatMap(({ [machine.column]: number }) => (number === null ? [] : when(IF_EQUAL, number, how)));
  return [
    [LOAD, 0, 0, AUDIT],
    [IF_EQUAL, 1, 0, machine.audit],
    [RETURN, 0, 0, ENOSYS],
    [LOAD, 0, 0, CALL],
    // Calls of the x32 ABI carry a high bit, so they are among these.
    ...when(IF_AT_LEAST, UNKNOWN_FROM, ENOSYS),
    ...answer(REFUSED_CALLS, EPERM),
    ...(observed ? [] : answer(CAPABILITY_CALLS, EPERM)),
    ...answer(DEADLY_CALLS, SIGSYS),
    ...ABSENT_CALLS.flatMap((number) => when(IF_EQUAL, number, ENOSYS)),
    ...onCall(machine.clone, 0, when(IF_ANY_BIT, REFUSED_CLONES, EPERM)),
    ...onCall(
      machine.ioctl,
      1,
      TERMINAL_INJECTION.flatMap((request) => when(IF_EQUAL, request, EPERM)),
    ),
    ...onCall(machine.socket, 0, [
      ...CONFINED_FAMILIES.flatMap((family) => when(IF_EQUAL, family, ALLOW)),
      [RETURN, 0, 0, EAFNOSUPPORT],
    ]),
    ...modeRules(machine),
    [RETURN, 0, 0, ALLOW],
  ];
}

/**
 * No file becomes set-user-ID or set-group-ID: outside the sandbox it would lend the operator's rights to whoever runs
 * it (as `RestrictSUIDSGID=` of systemd.exec(5)).
 */
function modeRules({ column }: Machine): Instruction[] {
  return MODE_CALLS.flatMap(({ x64, arm64, mode, flags }) => {
    const call = column === 1 ? x64 : arm64;
    if (call === null) return [];
    const refuseMode = when(IF_ANY_BIT, SET_ID_BITS, EPERM);
    if (flags === undefined) return onCall(call, mode, refuseMode);
    // Without one of these flags the mode is not read and may be anything.
    const creates: Instruction[] = [
      [IF_ANY_BIT, 0, refuseMode.length + 1, CREATING_FLAGS],
      [LOAD, 0, 0, ARGUMENTS + mode * 8],
    ];
    return onCall(call, flags, [...creates, ...refuseMode]);
  });
}

function when(test: number, constant: number, answer: number): Instruction[] {
  return [
    [test, 0, 1, constant],
    [RETURN, 0, 0, answer],
  ];
}

/** Looks at one argument of one call; the call's number is loaded again for the rules that follow. */
function onCall(call: number, argument: number, rules: readonly Instruction[]): Instruction[] {
  return [[IF_EQUAL, 0, rules.length + 2, call], [LOAD, 0, 0, ARGUMENTS + argument * 8], ...rules, [LOAD, 0, 0, CALL]];
}

/** `struct sock_filter`: 16-bit code, two 8-bit jumps, 32-bit constant, little-endian on both machines. */
function encode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * 8);
  const view = new DataView(bytes.buffer);
  instructions.forEach(([code, yes, no, constant], index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, yes);
    view.setUint8(index * 8 + 3, no);
    view.setUint32(index * 8 + 4, constant, true);
  });
  return bytes;
}
