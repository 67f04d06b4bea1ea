/**
 * System calls whose failures are read, by what they would have reached. A call that succeeds costs its two stops and
 * leaves no line.
 */
const FAMILIES = {
  fork: ["clone", "fork", "vfork"],
  open: ["open", "openat", "openat2"],
  /** Start what they name, or go there. */
  enter: ["execve", "execveat", "chdir"],
  /** Only ask about what they name. */
  look: [
    "stat",
    "lstat",
    "newfstatat",
    "fstatat64",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "statfs",
    "getxattr",
    "lgetxattr",
    "listxattr",
    "llistxattr",
    "inotify_add_watch",
  ],
  write: [
    "creat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "lchown",
    "fchown",
    "fchownat",
    "truncate",
    "mknod",
    "mknodat",
    "utime",
    "utimes",
    "futimesat",
    "utimensat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
  ],
  socket: ["socket"],
  bind: ["bind"],
  connect: ["connect"],
  send: ["sendto", "sendmsg", "sendmmsg"],
  /** Reach another process by its number. */
  process: ["kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open"],
  /** What the kernel refuses to every process that holds no capability and is traced: `CAPABILITY_CALLS`. */
  capability: [
    "ptrace",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "setns",
    "fsopen",
    "fspick",
    "move_mount",
    "mount_setattr",
  ],
  /** What the filter answers with SIGSYS, `DEADLY_CALLS`: that signal is what is seen. */
  deadly: ["add_key", "request_key", "keyctl"],
} as const;

export type Family = keyof typeof FAMILIES;

const FAMILY_OF: ReadonlyMap<string, Family> = new Map(
  Object.entries(FAMILIES).flatMap(([family, names]) => names.map((name) => [name, family as Family] as const)),
);

/** Undefined for a call that is not observed. */
export function familyOf(call: string): Family | undefined {
  return FAMILY_OF.get(call);
}

/** What strace is to trace; datagrams only where there is no network. `?`: not on every architecture. */
export function observedCalls(network: "none" | "host"): string {
  return [...FAMILY_OF]
    .filter(([, family]) => family !== "deadly" && (family !== "send" || network === "none"))
    .map(([name]) => `?${name}`)
    .join(",");
}
