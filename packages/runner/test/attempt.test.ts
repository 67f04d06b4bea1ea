import { resolve } from "node:path";
import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyAttempt, type Surroundings } from "../src/attempt.ts";
import { observedCalls } from "../src/observed-calls.ts";
import { parseTraceLine, pathArguments, socketAddress } from "../src/trace-line.ts";

/** A machine with a few places, of which the sandbox shows some. */
const there = new Set([
  "/etc/shadow",
  "/home/u/.gitconfig",
  "/work/other",
  "/work",
  "/etc",
  "/home/u",
  "/home/u/.ssh",
  "/proc/4242/exe",
  "/run/docker.sock",
  "/run",
]);
const around: Surroundings = {
  cwd: "/work/project",
  home: "/home/u",
  network: "none",
  shown: ["/usr", "/etc/hosts", "/work/project"],
  hidden: ["/home/u/.ssh", "/home/u/.aws", "/work/project/.keys"],
  writable: ["/work/project/out"],
  guard: {
    repositories: ["/work/project/out/.git"],
    readOnly: ["/work/project/out/.git/config", "/work/project/out/.git/hooks"],
    missing: [],
  },
  realPath: (path) => (there.has(path) || path.startsWith("/work/project") ? path : null),
  mayRun: (path) => path.endsWith("/tool"),
  inside: { hold: () => {}, leads: (path) => resolve(path.replace("/tmp/link", "/home/u/.ssh")), release: () => {} },
  changeableFolder: (path) => (path.startsWith("/tmp/") ? "/tmp" : null),
  loopback: { hold: () => {}, serves: (port) => port === 8080, release: () => {} },
};

const hex = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
const at = (folder: string, path: string): string => `AT_FDCWD<${hex(folder)}>, "${hex(path)}"`;
const inet = (host: string, port: number): string =>
  `3<${hex("socket:[1]")}>, {sa_family=AF_INET, sin_port=htons(${String(port)}), sin_addr=inet_addr("${hex(host)}")}, 16`;
const unix = (name: string): string => `3<${hex("socket:[1]")}>, {sa_family=AF_UNIX, sun_path=${name}}, 110`;

function refusal(call: string, error: string, surroundings: Surroundings = around): string | null {
  const parsed = parseTraceLine(`[pid 9999999] ${call} = -1 ${error} (Some text)`);
  if (parsed === null) throw new Error(`no call: ${call}`);
  const found = classifyAttempt(parsed, surroundings);
  return found === null ? null : `${found.kind} ${found.target}`;
}

describe("what counts as a refused attempt", () => {
  test.each([
    [
      "a write to a read-only place",
      `openat(${at("/work/project", "a")}, O_WRONLY|O_CREAT, 0666)`,
      "EROFS",
      "write /work/project/a",
    ],
    [
      "a path that climbs",
      `openat(${at("/work/project/out", "../../other/a")}, O_WRONLY|O_CREAT, 0666)`,
      "ENOENT",
      "write /work/other/a",
    ],
    ["a write relative to an open folder", `openat(5<${hex("/usr")}>, "${hex("x")}", O_RDWR)`, "EROFS", "write /usr/x"],
    ["a new folder", `mkdir("${hex("/etc/x")}", 0777)`, "EROFS", "write /etc/x"],
    ["an old call with a relative path", `mkdir("${hex("x")}", 0777)`, "EROFS", "write /work/project/x"],
    ["a deletion", `unlinkat(${at("/", "/usr/bin/env")}, 0)`, "EROFS", "write /usr/bin/env"],
    [
      "a rename from the scope to elsewhere",
      `rename("${hex("/work/project/out/a")}", "${hex("/work/project/b")}")`,
      "EROFS",
      "write /work/project/b",
    ],
    [
      "a rename from elsewhere into the scope",
      `rename("${hex("/usr/a")}", "${hex("/work/project/out/b")}")`,
      "EROFS",
      "write /usr/a",
    ],
    [
      "a symbolic link: the place, not the text",
      `symlink("${hex("/etc")}", "${hex("/usr/x")}")`,
      "EROFS",
      "write /usr/x",
    ],
    [
      "a hard link across mounts: the source",
      `linkat(${at("/", "/usr/a")}, ${at("/", "/work/project/out/b")}, 0)`,
      "EXDEV",
      "write /usr/a",
    ],
    [
      "a file that is there outside and not inside",
      `openat(${at("/", "/etc/shadow")}, O_RDONLY)`,
      "ENOENT",
      "read /etc/shadow",
    ],
    ["a file of the home", `openat(${at("/", "/home/u/.gitconfig")}, O_RDONLY)`, "ENOENT", "read /home/u/.gitconfig"],
    ["a question about it", `newfstatat(${at("/", "/etc/shadow")}, 0x7f, 0)`, "ENOENT", "read /etc/shadow"],
    ["an old question about it", `access("${hex("/home/u/.gitconfig")}", R_OK)`, "ENOENT", "read /home/u/.gitconfig"],
    [
      "a question about what lies in a closed folder",
      `newfstatat(${at("/work/project", ".keys/a")}, 0x7f, 0)`,
      "EACCES",
      "read /work/project/.keys/a",
    ],
    [
      "anything in a hidden place that is there",
      `openat(${at("/", "/home/u/.ssh/id_none")}, O_RDONLY)`,
      "ENOENT",
      "read /home/u/.ssh/id_none",
    ],
    [
      "a hidden place inside the working folder",
      `openat(${at("/", "/work/project/.keys/a")}, O_RDONLY)`,
      "ENOENT",
      "read /work/project/.keys/a",
    ],
    [
      "a program that is not visible",
      `execve("${hex("/work/other")}", 0x1 /* 3 vars */)`,
      "ENOENT",
      "read /work/other",
    ],
    ["a mode set through a descriptor", `fchmod(3<${hex("/usr/bin/env")}>, 0777)`, "EROFS", "write /usr/bin/env"],
    ["times set through a descriptor", `utimensat(3<${hex("/usr/a")}>, NULL, NULL, 0)`, "EROFS", "write /usr/a"],
    [
      "an attribute set through a descriptor: the file, not its name",
      `fsetxattr(3<${hex("/usr/a")}>, "${hex("user.x")}", "${hex("1")}", 1, 0)`,
      "EROFS",
      "write /usr/a",
    ],
    [
      "a rename from a place in sight across mounts",
      `rename("${hex("/usr/a")}", "${hex("/work/project/out/b")}")`,
      "EXDEV",
      "write /usr/a",
    ],
    [
      "settings of git replaced",
      `rename("${hex("/work/project/out/.git/config.lock")}", "${hex("/work/project/out/.git/config")}")`,
      "EBUSY",
      "write /work/project/out/.git/config",
    ],
    [
      "a repository moved away",
      `rename("${hex("/work/project/out/.git")}", "${hex("/work/project/out/old")}")`,
      "EBUSY",
      "write /work/project/out/.git",
    ],
    [
      "a hook moved in",
      `rename("${hex("/work/project/out/a")}", "${hex("/work/project/out/.git/hooks/a")}")`,
      "EXDEV",
      "write /work/project/out/.git/hooks/a",
    ],
    ["a name for a socket", `bind(${unix(`"${hex("/usr/s")}"`)})`, "EROFS", "write /usr/s"],
    ["a port that needs a privilege", `bind(${inet("0.0.0.0", 80)})`, "EACCES", "network 0.0.0.0:80"],
    [
      "whole packets",
      "socket(AF_PACKET, SOCK_RAW, htons(0x300 /* ETH_P_??? */))",
      "EPERM",
      "network AF_PACKET SOCK_RAW",
    ],
    ["a question through a link of its own", `readlink("${hex("/tmp/link/id")}")`, "ENOENT", "read /home/u/.ssh/id"],
    [
      "a path through its own root",
      `openat(${at("/", "/proc/self/root/home/u/.ssh/id")}, O_RDONLY)`,
      "ENOENT",
      "read /home/u/.ssh/id",
    ],
    [
      "a path through its own working folder",
      `openat(${at("/work/project", "/proc/thread-self/cwd/../other")}, O_RDONLY)`,
      "ENOENT",
      "read /work/other",
    ],
    [
      "a name that is no UTF-8 in a folder that is not visible",
      `openat(AT_FDCWD<${hex("/")}>, "${hex("/work/other/")}\\xff", O_RDONLY)`,
      "ENOENT",
      "read /work/other/\ufffd",
    ],
    ["a relative path from the home", `access("${hex(".ssh/id")}", R_OK)`, "ENOENT", "read /home/u/.ssh/id"],
    ["a relative path from the root", `access("${hex("etc/shadow")}", R_OK)`, "ENOENT", "read /etc/shadow"],
    ["a signal to a process outside", "kill(4242, SIGTERM)", "ESRCH", "sandbox process 4242"],
    ["a signal to its group", "kill(-4242, SIGTERM)", "ESRCH", "sandbox process 4242"],
    [
      "the environment of a process outside",
      `openat(${at("/", "/proc/4242/environ")}, O_RDONLY)`,
      "ENOENT",
      "environment /proc/4242/environ",
    ],
    ["a call that needs a capability", "mount(NULL, NULL, NULL, 0, NULL)", "EPERM", "sandbox mount"],
    ["a program in sight that is refused", `execve("${hex("/usr/tool")}", 0x1)`, "EACCES", "read /usr/tool"],
    ["a folder to work in", `chdir("${hex("/home/u/.ssh")}")`, "ENOENT", "read /home/u/.ssh"],
    ["a connection", `connect(${inet("192.0.2.1", 443)})`, "ENETUNREACH", "network 192.0.2.1:443"],
    ["a connection without waiting", `connect(${inet("127.0.0.1", 81)})`, "EINPROGRESS", "network 127.0.0.1:81"],
    ["a question to the name server", `connect(${inet("192.0.2.53", 53)})`, "ENETUNREACH", "network name resolution"],
    [
      "a datagram",
      `sendto(3<${hex("socket:[1]")}>, "${hex("x")}", 1, 0, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "${hex("2001:db8::1")}", &sin6_addr), sin6_scope_id=0}, 28)`,
      "ENETUNREACH",
      "network [2001:db8::1]:53",
    ],
    [
      "a socket of the machine",
      `connect(${unix(`"${hex("/run/docker.sock")}"`)})`,
      "ENOENT",
      "network /run/docker.sock",
    ],
    ["an abstract socket", `connect(${unix(`@"${hex("bus")}"`)})`, "ECONNREFUSED", "network @bus"],
    ["a process too many", "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD)", "EAGAIN", "limit processes"],
  ])("%s", (_, call, error, expected) => {
    expect(refusal(call, error)).toBe(expected);
  });

  test.each([
    ["a file that is nowhere", `openat(${at("/", "/usr/lib/none.so")}, O_RDONLY|O_CLOEXEC)`, "ENOENT"],
    ["a file missing in the working folder", `openat(${at("/work/project", "package.json")}, O_RDONLY)`, "ENOENT"],
    ["a file that exists already", `openat(${at("/work/project/out", "a")}, O_WRONLY|O_CREAT|O_EXCL, 0600)`, "EEXIST"],
    ["what is not in a hidden place that is nowhere", `openat(${at("/", "/home/v/.ssh/a")}, O_RDONLY)`, "ENOENT"],
    ["a hidden place that is nowhere", `openat(${at("/", "/home/u/.aws")}, O_RDONLY)`, "ENOENT"],
    ["a question whether a visible file may be written", `access("${hex("/usr/a")}", W_OK)`, "EROFS"],
    ["a question whether it may be run", `access("${hex("/work/project/a")}", X_OK)`, "EACCES"],
    ["an owner of a pipe", `fchown(1<${hex("pipe:[1]")}>, 0, 0)`, "EPERM"],
    ["a look whether a repository is empty", `rmdir("${hex("/work/project/out/.git")}")`, "EBUSY"],
    ["a place that is busy for another reason", `unlink("${hex("/work/project/out/a")}")`, "EBUSY"],
    ["a file in sight that is no program", `execve("${hex("/work/project/a.txt")}", 0x1)`, "EACCES"],
    ["a signal to a child that has ended", "kill(17, SIGTERM)", "ESRCH"],
    ["what a process of its own held", `openat(${at("/", "/proc/17/environ")}, O_RDONLY)`, "ENOENT"],
    ["a socket that the machine does not know", "socket(AF_INET6, SOCK_STREAM, IPPROTO_IP)", "EAFNOSUPPORT"],
    ["a file of the kernel's trees", `openat(${at("/", "/proc/driver/nvidia")}, O_RDONLY)`, "ENOENT"],
    ["a service that runs nowhere", `connect(${unix(`"${hex("/var/run/nscd/socket")}"`)})`, "ENOENT"],
    ["a connection to a server of its own", `connect(${inet("127.0.0.1", 8080)})`, "EINPROGRESS"],
    [
      "a rename across mounts, which then copies",
      `rename("${hex("/tmp/a")}", "${hex("/work/project/out/a")}")`,
      "EXDEV",
    ],
    ["a connected socket that has nowhere to send", `sendto(3<${hex("socket:[1]")}>, "", 0, 0, NULL, 0)`, "EPIPE"],
  ])("not %s", (_, call, error) => {
    expect(refusal(call, error)).toBeNull();
  });

  test("only a path whose folder is not known is told as assumed", () => {
    const told = (call: string): string | undefined => {
      const parsed = parseTraceLine(`[pid 9999999] ${call} = -1 ENOENT (Some text)`);
      return (parsed === null ? null : classifyAttempt(parsed, around))?.detail;
    };
    expect(told(`execve("${hex("/work/other")}", ["${hex("sh")}", "${hex("-c")}"], 0x1)`)).toBe(
      "execve: not visible inside",
    );
    expect(told(`readlink("${hex(".ssh/id")}")`)).toBe("readlink: not visible inside, if it was meant from `/home/u`");
  });

  test("a link in the working folder that leads out of sight is a refusal", () => {
    const linked = { ...around, realPath: (path: string) => (path === "/work/project/link" ? "/etc/shadow" : null) };
    expect(refusal(`openat(${at("/work/project", "link")}, O_RDONLY)`, "ENOENT", linked)).toBe(
      "read /work/project/link",
    );
  });

  test("with the machine's network only sockets of the file system are told", () => {
    const host = { ...around, network: "host" } as const;
    expect(observedCalls("host")).not.toContain("sendto");
    expect(refusal(`connect(${inet("192.0.2.1", 443)})`, "ECONNREFUSED", host)).toBeNull();
    expect(refusal(`connect(${unix(`@"${hex("bus")}"`)})`, "ECONNREFUSED", host)).toBeNull();
    expect(refusal(`connect(${unix(`"${hex("/run/docker.sock")}"`)})`, "ENOENT", host)).toBe(
      "network /run/docker.sock",
    );
  });

  test("a call that the filter answers with SIGSYS is a refusal", () => {
    const line =
      "[pid 9] --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x7f, si_syscall=__NR_keyctl, si_arch=AUDIT_ARCH_X86_64} ---";
    const call = parseTraceLine(line);
    expect(call).toEqual({ pid: 9, name: "keyctl", arguments: "", error: "SIGSYS" });
    expect(call === null ? null : classifyAttempt(call, around)).toMatchObject({ kind: "sandbox", target: "keyctl" });
  });
});

describe("lines of strace", () => {
  test.each([
    ["nothing", ""],
    ["a success", `[pid 1] openat(${at("/", "/a")}, O_RDONLY) = 3`],
    ["a message", "strace: Process 12 attached"],
    ["a line that was cut", `[pid 1] openat(${at("/", "/a")}, O_RD`],
    ["an unknown prefix", `(pid 1) openat(${at("/", "/a")}, O_RDONLY) = -1 ENOENT (x)`],
  ])("%s is no failed call", (_, line) => {
    expect(parseTraceLine(line)).toBeNull();
  });

  test("names that would end a string or a line arrive as hex and stay one argument", () => {
    const name = '") = -1 EROFS (x)\n[pid 1] unlink("/etc';
    expect(pathArguments(at("/a", name))).toEqual([{ text: name, folder: "/a" }]);
  });

  test("any name is exactly one argument, and comes back as it was", () => {
    const folders = string({ unit: "binary" }).map((name) => `/${name}`);
    assert(
      property(folders, string({ unit: "binary" }), (folder, name) => {
        const parsed = parseTraceLine(`[pid 1] openat(${at(folder, name)}, O_RDONLY) = -1 ENOENT (No such file)`);
        expect(parsed?.name).toBe("openat");
        expect(pathArguments(parsed?.arguments ?? "")).toEqual([{ text: name, folder }]);
      }),
    );
  });

  test("the name of a pipe or a socket is no folder", () => {
    expect(pathArguments(`5<${hex("anon_inode:inotify")}>, "${hex("a")}"`)).toEqual([{ text: "a", folder: null }]);
  });

  test("bytes that are no UTF-8 are replaced", () => {
    expect(pathArguments('"\\xff\\x2f"')[0]?.text).toBe("\ufffd/");
  });

  test("an address without a port is none", () => {
    expect(socketAddress("3, {sa_family=AF_NETLINK, nl_pid=0}, 12")).toBeNull();
  });
});
