import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Receipt } from "@writ/kernel";
import { CAPABILITY_CALLS, DEADLY_CALLS } from "../src/system-calls.ts";
import { openBench, type Bench } from "./bench.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

/**
 * One attempt: its name, the statement that makes it, and the line of the receipt that must tell it. `H` is the home,
 * `P` the project, in which the contract may write `out/` alone, `PID` a process outside; `W` becomes a file or folder
 * of the project that this row has for itself.
 */
type Row = readonly [name: string, statement: string, line: string];

const SHELL: readonly Row[] = [
  ["a link of its own in /tmp", "ln -s H/.ssh /tmp/l; cat /tmp/l/sh1", "read H/.ssh/sh1"],
  ["a link of its own at home", "ln -s .ssh ~/m; cat ~/m/sh2", "read H/.ssh/sh2"],
  ["ls", "ls H/.ssh/ls", "read H/.ssh/ls"],
  ["ls of the folder itself", "ls ~/.aws", "read H/.aws"],
  ["stat", "stat H/.ssh/stat", "read H/.ssh/stat"],
  ["test -e", "test -e H/.ssh/exists", "read H/.ssh/exists"],
  ["test -r", "test -r H/.ssh/readable", "read H/.ssh/readable"],
  ["cd", "cd H/.gnupg", "read H/.gnupg"],
  ["cat", "cat H/.ssh/cat", "read H/.ssh/cat"],
  ["a program that is withheld", "H/bin/tool", "read H/bin/tool"],
  ["readlink", "readlink H/link", "read H/link"],
  ["git's own settings", "git config --global -l", "read H/.gitconfig"],
  ["find", "find H/notes", "read H/notes"],
  ["its own root", "cat /proc/self/root/H/.ssh/sh3", "read H/.ssh/sh3"],
  ["its own working folder", "cat /proc/self/cwd/../home/.ssh/sh4", "read H/.ssh/sh4"],
  ["touch", "touch W", "write W"],
  ["a redirection", "echo x > W", "write W"],
  ["mkdir", "mkdir P/made-by-sh", "write P/made-by-sh"],
  ["rm", "rm -f W", "write W"],
  ["mv", "mv out/mine P/moved-by-sh", "write P/moved-by-sh"],
  ["ln", "ln W out/linked", "write W"],
  ["ln -s", "ln -s /etc P/link-by-sh", "write P/link-by-sh"],
  ["chmod", "chmod 777 W", "write W"],
  ["truncate", "truncate -s 0 W", "write W"],
  ["mkfifo", "mkfifo P/pipe-by-sh", "write P/pipe-by-sh"],
];

const PERL: readonly Row[] = [
  ["stat", "stat 'H/.ssh/p1'", "read H/.ssh/p1"],
  ["lstat", "lstat 'H/.ssh/p2'", "read H/.ssh/p2"],
  ["-r", "-r 'H/.ssh/p3'", "read H/.ssh/p3"],
  ["chdir", "chdir 'H/.ssh/p4'", "read H/.ssh/p4"],
  ["opendir", "opendir my $d, 'H/.ssh/p5'", "read H/.ssh/p5"],
  ["open", "open my $f, '<', 'H/.ssh/p6'", "read H/.ssh/p6"],
  ["readlink", "readlink 'H/.ssh/p7'", "read H/.ssh/p7"],
  ["exec", "system { 'H/.ssh/p8' } 'p8'", "read H/.ssh/p8"],
  ["open for writing", "open my $f, '>>', 'W'", "write W"],
  ["rename", "rename 'W', 'out/a'", "write W"],
  ["link", "link 'W', 'out/b'", "write W"],
  ["symlink", "symlink '/', 'P/by-perl'", "write P/by-perl"],
  ["mkdir", "mkdir 'P/made-by-perl'", "write P/made-by-perl"],
  ["unlink", "unlink 'W'", "write W"],
  ["chmod", "chmod 0777, 'W'", "write W"],
  ["chown", "chown 1, 1, 'W'", "write W"],
  ["utime", "utime 1, 1, 'W'", "write W"],
  ["truncate", "truncate 'W', 0", "write W"],
  ["kill", "kill 'TERM', PID", "sandbox process PID"],
  ["environ of a process outside", "open my $f, '<', '/proc/PID/environ'", "environment /proc/PID/environ"],
];

const PYTHON: readonly Row[] = [
  ["stat", "os.stat('H/.ssh/y1')", "read H/.ssh/y1"],
  ["lstat", "os.lstat('H/.ssh/y2')", "read H/.ssh/y2"],
  ["access", "os.access('H/.ssh/y3', os.R_OK)", "read H/.ssh/y3"],
  ["faccessat", "os.access('.ssh/y4', 0, dir_fd=os.open('H', os.O_RDONLY))", "read H/.ssh/y4"],
  ["readlink", "os.readlink('H/.ssh/y5')", "read H/.ssh/y5"],
  ["statfs", "os.statvfs('H/.ssh/y6')", "read H/.ssh/y6"],
  ["getxattr", "os.getxattr('H/.ssh/y7', 'user.x')", "read H/.ssh/y7"],
  ["listxattr", "os.listxattr('H/.ssh/y8')", "read H/.ssh/y8"],
  ["chdir", "os.chdir('H/.ssh/y9')", "read H/.ssh/y9"],
  ["listdir", "os.listdir('H/.ssh/y10')", "read H/.ssh/y10"],
  ["open", "open('H/.ssh/y11')", "read H/.ssh/y11"],
  ["execve", "os.execv('H/.ssh/y12', ['x'])", "read H/.ssh/y12"],
  ["a path that climbs", "open('../home/.ssh/y13')", "read H/.ssh/y13"],
  ["open for writing", "open('W', 'w')", "write W"],
  ["rename", "os.rename('W', 'out/c')", "write W"],
  ["link", "os.link('W', 'out/d')", "write W"],
  ["symlink", "os.symlink('/', 'P/by-python')", "write P/by-python"],
  ["mkdir", "os.mkdir('P/made-by-python')", "write P/made-by-python"],
  ["rmdir", "os.rmdir('W')", "write W"],
  ["unlink", "os.unlink('W')", "write W"],
  ["chmod", "os.chmod('W', 0o777)", "write W"],
  ["chown", "os.chown('W', 1, 1)", "write W"],
  ["utimens", "os.utime('W')", "write W"],
  ["truncate", "os.truncate('W', 0)", "write W"],
  ["setxattr", "os.setxattr('W', 'user.x', b'1')", "write W"],
  ["removexattr", "os.removexattr('W', 'user.x')", "write W"],
  ["mknod", "os.mknod('P/node-by-python')", "write P/node-by-python"],
  ["mkfifo", "os.mkfifo('P/pipe-by-python')", "write P/pipe-by-python"],
  ["bind in the file system", "socket.socket(socket.AF_UNIX).bind('P/bound')", "write P/bound"],
];

const TCP6: Row = ["TCP over IPv6", "socket.create_connection(('2001:db8::1', 80), 1)", "network [2001:db8::1]:80"];

/** What goes through something that is open already, the network, other processes, and the kernel. */
const PYTHON_BEYOND: readonly Row[] = [
  ["fchmod", "os.fchmod(os.open('W', os.O_RDONLY), 0o777)", "write W"],
  ["fchown", "os.fchown(os.open('W', os.O_RDONLY), 1, 1)", "write W"],
  ["futimens", "os.utime(os.open('W', os.O_RDONLY))", "write W"],
  ["fsetxattr", "os.setxattr(os.open('W', os.O_RDONLY), 'user.x', b'1')", "write W"],
  ["TCP", "socket.create_connection(('192.0.2.1', 80), 1)", "network 192.0.2.1:80"],
  ...(existsSync("/proc/net/if_inet6") ? [TCP6] : []),
  ["UDP", "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.2', 53))", "network 192.0.2.2:53"],
  ["a socket of the machine", "socket.socket(socket.AF_UNIX).connect('SOCKET')", "network SOCKET"],
  ["an abstract socket", "socket.socket(socket.AF_UNIX).connect('\\0writ-abstract')", "network @writ-abstract"],
  ["raw IP", "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)", "network AF_INET SOCK_RAW"],
  ["raw packets", "socket.socket(17, socket.SOCK_RAW, 768)", "network AF_PACKET SOCK_RAW"],
  ["a port that needs a privilege", "socket.socket().bind(('0.0.0.0', 80))", "network 0.0.0.0:80"],
  ["kill", "os.kill(PID, 0)", "sandbox process PID"],
  ["environ of a process outside", "open('/proc/PID/environ')", "environment /proc/PID/environ"],
  ["memory of a process outside", "open('/proc/PID/mem')", "read /proc/PID/mem"],
  ["ptrace", "call('ptrace', 16, 1, 0, 0)", "sandbox ptrace"],
  ["mount", "call('mount', b'none', b'/tmp', b'tmpfs', 0, 0)", "sandbox mount"],
  ["umount", "call('umount2', b'/tmp', 2)", "sandbox umount2"],
  ["chroot", "call('chroot', b'/')", "sandbox chroot"],
  ["pivot_root", "call('pivot_root', b'/', b'/')", "sandbox pivot_root"],
  ["a new way of mounting", "call('fsopen', b'tmpfs', 0)", "sandbox fsopen"],
  ["another namespace", "call('setns', os.open('/proc/self/ns/net', os.O_RDONLY), 0)", "sandbox setns"],
  ["keyctl", "fork_and_call('keyctl', 0, -3, 0)", "sandbox keyctl"],
  ["request_key", "fork_and_call('request_key', b'user', b'x', b'', 0)", "sandbox request_key"],
];

const NODE: readonly Row[] = [
  ["stat", "fs.statSync('H/.ssh/n1')", "read H/.ssh/n1"],
  ["exists", "fs.existsSync('H/.ssh/n2')", "read H/.ssh/n2"],
  ["access", "fs.accessSync('H/.ssh/n3')", "read H/.ssh/n3"],
  ["realpath", "fs.realpathSync('H/.ssh/n4')", "read H/.ssh"],
  ["readlink", "fs.readlinkSync('H/.ssh/n5')", "read H/.ssh/n5"],
  ["readdir", "fs.readdirSync('H/.ssh/n6')", "read H/.ssh/n6"],
  ["readFile", "fs.readFileSync('H/.ssh/n7')", "read H/.ssh/n7"],
  ["require", "require('H/notes/module.js')", "read H/notes/module.js"],
  ["chdir", "process.chdir('H/.ssh/n8')", "read H/.ssh/n8"],
  ["spawn", "child.spawnSync('H/.ssh/n9')", "read H/.ssh/n9"],
  ["watch", "fs.watch('H/.ssh/n10')", "read H/.ssh/n10"],
  ["writeFile", "fs.writeFileSync('W', 'x')", "write W"],
  ["rename", "fs.renameSync('W', 'out/e')", "write W"],
  ["copy", "fs.copyFileSync('/etc/hosts', 'P/by-node')", "write P/by-node"],
  ["rm", "fs.rmSync('W', { recursive: true })", "write W"],
  ["utimes", "fs.utimesSync('W', 1, 1)", "write W"],
  ["chmod", "fs.chmodSync('W', 0o777)", "write W"],
  ["listen on a path", "net.createServer().on('error', () => {}).listen('P/listens')", "write P/listens"],
  ["TCP", "net.connect(443, '192.0.2.3').on('error', () => {})", "network 192.0.2.3:443"],
  [
    "UDP",
    "const d = dgram.createSocket('udp4'); d.send('x', 53, '192.0.2.4', () => d.close())",
    "network 192.0.2.4:53",
  ],
  ["kill", "process.kill(PID)", "sandbox process PID"],
  ["environ of a process outside", "fs.readFileSync('/proc/PID/environ')", "environment /proc/PID/environ"],
];

/** A statement that fails does not end the others. */
const PYTHON_PRELUDE = `import ctypes, os, socket
numbers = ${JSON.stringify(numbersHere())}
libc = ctypes.CDLL(None)
def call(name, *given):
    libc.syscall(numbers[name], *given)
def fork_and_call(name, *given):
    child = os.fork()
    if child == 0:
        call(name, *given)
        os._exit(0)
    print("ended by", os.waitpid(child, 0)[1] & 127)
def attempt(statement):
    try:
        exec(statement)
    except OSError:
        pass
`;

interface Tool {
  readonly needs: string;
  readonly rows: readonly Row[];
  /** A path as the tool's statements hold it; as it is, unless said. */
  readonly spelled?: (path: string) => string;
  readonly argv: (statements: readonly string[]) => readonly string[];
}

const TOOLS: readonly (readonly [name: string, tool: Tool])[] = [
  [
    "sh",
    {
      needs: "/bin/sh",
      rows: SHELL,
      spelled: (path) => path.replaceAll(/[^\w./-]/g, String.raw`\$&`),
      argv: (statements) => ["/bin/sh", "-c", `: > out/mine\n${statements.map((one) => `(${one})`).join("\n")}`],
    },
  ],
  [
    "perl",
    {
      needs: "/usr/bin/perl",
      rows: PERL,
      argv: (statements) => ["/usr/bin/perl", "-e", statements.map((one) => `{ ${one}; }`).join("\n")],
    },
  ],
  ["python3", python(PYTHON)],
  ["python3 beyond files", python(PYTHON_BEYOND)],
  [
    "node",
    {
      needs: process.execPath,
      rows: NODE,
      argv: (statements) => [
        process.execPath,
        "-e",
        `const fs = require('fs'), net = require('net'), dgram = require('dgram'), child = require('child_process');
${statements.map((one) => `try { ${one} } catch {}`).join("\n")}`,
      ],
    },
  ],
];

function python(rows: readonly Row[]): Tool {
  return {
    needs: "/usr/bin/python3",
    rows,
    argv: (statements) => [
      "/usr/bin/python3",
      "-c",
      PYTHON_PRELUDE + statements.map((one) => `attempt(${JSON.stringify(one)})`).join("\n"),
    ],
  };
}

function numbersHere(): Record<string, number | null> {
  const column = process.arch === "x64" ? 1 : 2;
  return Object.fromEntries([...CAPABILITY_CALLS, ...DEADLY_CALLS].map((row) => [row[0], row[column]]));
}

for (const [name, tool] of TOOLS.filter(([, { needs }]) => existsSync(needs))) {
  describeWithSandbox(`what ${name} tries, refused and named in the receipt`, () => {
    let bench: Bench;
    let receipt: Receipt;
    let before: string;
    const socket = (): string => join(bench.folder, "machine.sock");
    const filled = (text: string, row: number, spelled = (path: string): string => path): string =>
      text
        .replaceAll("SOCKET", () => spelled(socket()))
        .replaceAll("PID", String(process.pid))
        .replaceAll(/\bH\b/g, () => spelled(bench.home))
        .replaceAll(/\bP\b/g, () => spelled(bench.project))
        .replaceAll(/\bW\b/g, () => spelled(join(bench.project, `kept-${String(row)}`)));

    beforeAll(async () => {
      bench = openBench();
      for (const folder of [".aws", ".gnupg", "bin", "notes"]) mkdirSync(join(bench.home, folder));
      for (const file of ["bin/tool", ".gitconfig", "notes/module.js"]) writeFileSync(join(bench.home, file), "");
      symlinkSync("notes", join(bench.home, "link"));
      tool.rows.forEach((_row, index) => writeFileSync(join(bench.project, `kept-${String(index)}`), "kept"));
      before = everything(bench.project);
      const server = createServer().listen(socket());
      const statements = tool.rows.map(([, statement], index) => filled(statement, index, tool.spelled));
      ({ receipt } = await bench.run({ argv: tool.argv(statements), write: [bench.out] }));
      server.close();
    });
    afterAll(() => bench.close());

    test.each(tool.rows.map(([name, , line], index) => [name, line, index] as const))(
      "%s: %s",
      (_name, line, index) => {
        const lines = receipt.refusals.map(({ kind, target }) => `${kind} ${target}`);
        expect(lines).toContain(filled(line, index));
      },
    );

    test("and nothing outside `out/` is changed by it", () => {
      expect(everything(bench.project)).toBe(before);
    });
  });
}

/** Names, modes, owners, times and contents of a folder, `out/` left aside. */
function everything(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name !== "out")
    .map((name) => {
      const path = join(folder, name);
      const { mode, uid, mtimeMs, ctimeMs } = statSync(path);
      return [name, mode, uid, mtimeMs, ctimeMs, readFileSync(path, "utf8")].join(" ");
    })
    .join("\n");
}
