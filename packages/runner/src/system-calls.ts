/**
 * A system call with its numbers on x86_64 (`syscall_64.tbl`) and aarch64 (`asm-generic/unistd.h`); null where an
 * architecture lacks it. From 424 on all architectures share one numbering.
 */
export type CallNumbers = readonly [name: string, x64: number | null, arm64: number | null];

/**
 * Calls that fail inside by the kernel's own checks: they need a capability, and none is there, or a process that nobody
 * traces. The filter refuses them too, except under an observer: it does not see what a filter refuses.
 */
export const CAPABILITY_CALLS: readonly CallNumbers[] = [
  ["ptrace", 101, 117],
  ["mount", 165, 40],
  ["umount2", 166, 39],
  ["pivot_root", 155, 41],
  ["chroot", 161, 51],
  ["setns", 308, 268],
  ["move_mount", 429, 429],
  ["fsopen", 430, 430],
  ["fspick", 433, 433],
  ["mount_setattr", 442, 442],
];

/** Keys of the kernel, which no namespace confines. No everyday program asks for them; SIGSYS ends the one that does. */
export const DEADLY_CALLS: readonly CallNumbers[] = [
  ["add_key", 248, 217],
  ["request_key", 249, 218],
  ["keyctl", 250, 219],
];

/** Calls that nothing but the filter refuses, or that no program should need. */
export const REFUSED_CALLS: readonly CallNumbers[] = [
  // Other processes' memory and files.
  ["process_vm_readv", 310, 270],
  ["process_vm_writev", 311, 271],
  ["kcmp", 312, 272],
  ["pidfd_getfd", 438, 438],
  // Mounts and namespaces: the walls of the sandbox itself.
  ["open_tree", 428, 428],
  ["fsconfig", 431, 431],
  ["fsmount", 432, 432],
  ["unshare", 272, 97],
  ["name_to_handle_at", 303, 264],
  ["open_by_handle_at", 304, 265],
  ["quotactl", 179, 60],
  ["quotactl_fd", 443, 443],
  // The kernel: code, tracing, clocks, power.
  ["bpf", 321, 280],
  ["perf_event_open", 298, 241],
  ["userfaultfd", 323, 282],
  ["fanotify_init", 300, 262],
  ["init_module", 175, 105],
  ["finit_module", 313, 273],
  ["delete_module", 176, 106],
  ["kexec_load", 246, 104],
  ["kexec_file_load", 320, 294],
  ["reboot", 169, 142],
  ["swapon", 167, 224],
  ["swapoff", 168, 225],
  ["acct", 163, 89],
  ["syslog", 103, 116],
  ["settimeofday", 164, 170],
  ["clock_settime", 227, 112],
  ["iopl", 172, null],
  ["ioperm", 173, null],
  ["lookup_dcookie", 212, 18],
  ["nfsservctl", 180, 42],
  ["vhangup", 153, 58],
];

/**
 * Answered as if the kernel were older, so that programs take their other way: what io_uring, clone3 and openat2 are
 * asked to do is out of a filter's sight, and fchmodat2 is unknown to observers before strace 6.6.
 */
export const ABSENT_CALLS: readonly number[] = [425, 426, 427, 435, 437, 452];

/** The first call (`setxattrat`) that filter and observer do not know: it and all newer ones are absent too. */
export const UNKNOWN_FROM = 463;

/** Calls that set a file's mode, the argument that holds it, and where there is one that of `O_CREAT`. */
export const MODE_CALLS: readonly {
  readonly x64: number | null;
  readonly arm64: number | null;
  readonly mode: number;
  readonly flags?: number;
}[] = [
  // chmod, fchmod, fchmodat
  { x64: 90, arm64: null, mode: 1 },
  { x64: 91, arm64: 52, mode: 1 },
  { x64: 268, arm64: 53, mode: 2 },
  // mknod, mknodat, creat, open, openat
  { x64: 133, arm64: null, mode: 1 },
  { x64: 259, arm64: 33, mode: 2 },
  { x64: 85, arm64: null, mode: 1 },
  { x64: 2, arm64: null, mode: 2, flags: 1 },
  { x64: 257, arm64: 56, mode: 3, flags: 2 },
];
