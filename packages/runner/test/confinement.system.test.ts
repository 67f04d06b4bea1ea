import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { attempts, openBench, type Bench } from "./bench.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

let bench: Bench;
beforeEach(() => {
  bench = openBench({ environmentNames: ["PATH", "AWS_SECRET_ACCESS_KEY", "EDITOR"] });
  writeFileSync(join(bench.home, ".ssh", "id_ed25519"), "PRIVATE KEY\n");
});
afterEach(() => bench.close());

describeWithSandbox("a contract that may write only `out/`", () => {
  test("writes there, and the receipt lists it with its digest", async () => {
    const { receipt } = await bench.script("echo done > out/result");
    expect(receipt).toMatchObject({ outcome: "succeeded", exit_code: 0, files_truncated: false });
    expect(receipt.files).toEqual([
      {
        path: join(bench.out, "result"),
        change: "created",
        sha256: createHash("sha256").update("done\n").digest("hex"),
        bytes: 5,
      },
    ]);
  });

  test("writes nowhere else, and each attempt is in the receipt", async () => {
    const { receipt } = await bench.script("echo x > elsewhere; mkdir ../sibling; rm -f /usr/bin/env; echo x > /etc/x");
    expect(existsSync(join(bench.project, "elsewhere"))).toBe(false);
    expect(receipt.refusals).toContainEqual(
      expect.objectContaining({ kind: "write", target: join(bench.project, "elsewhere") }),
    );
    expect(receipt.refusals).toContainEqual(expect.objectContaining({ kind: "write", target: "/usr/bin/env" }));
    expect(receipt.refusals).toContainEqual(expect.objectContaining({ kind: "write", target: "/etc/x" }));
    expect(receipt.files).toEqual([]);
  });

  test("cannot read a private key under the home, named or by a pattern", async () => {
    const { receipt, stdout } = await bench.script(`cat ~/.ssh/id_*; cat "${bench.home}/.ssh/id_ed25519"`);
    expect(stdout).toBe("");
    const key = join(bench.home, ".ssh", "id_ed25519");
    expect(receipt.refusals).toContainEqual(expect.objectContaining({ kind: "read", target: key }));
    expect(receipt.refusals).toContainEqual(
      expect.objectContaining({ kind: "read", target: join(bench.home, ".ssh") }),
    );
  });

  test("cannot read accounts, host keys or the system's private keys", async () => {
    const { receipt, stdout } = await bench.script("cat /etc/shadow; ls /etc/ssh /etc/ssl/private; cat /etc/passwd");
    expect(stdout).not.toContain("root:");
    expect(stdout.split("\n")[0]).toMatch(/^writ:/);
    expect(receipt.refusals).toContainEqual(expect.objectContaining({ kind: "read", target: "/etc/shadow" }));
  });

  test("reaches no server on the machine's loopback", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { receipt } = await bench.run({ argv: [process.execPath, "-e", connectTo("127.0.0.1", port)] });
    server.close();
    expect(connections).toBe(0);
    expect(receipt.refusals).toContainEqual(
      expect.objectContaining({ kind: "network", target: `127.0.0.1:${String(port)}` }),
    );
  });

  test("reaches no address outside and no name server", async () => {
    const { receipt } = await bench.run({
      argv: [process.execPath, "-e", `${connectTo("192.0.2.1", 443)};${connectTo("example.com", 80)}`],
    });
    expect(receipt.refusals).toContainEqual(expect.objectContaining({ kind: "network", target: "192.0.2.1:443" }));
    expect(receipt.refusals).toContainEqual(expect.objectContaining({ kind: "network", target: "name resolution" }));
  });

  test("may talk to its own server inside, which is no refusal", async () => {
    const text = `const s=require('net').createServer(c=>c.end('hello')).listen(0,'127.0.0.1',()=>
      require('net').connect(s.address().port,'127.0.0.1').on('data',d=>{process.stdout.write(d);s.close()}))`;
    const { receipt, stdout } = await bench.run({ argv: [process.execPath, "-e", text] });
    expect(stdout).toBe("hello");
    expect(receipt.refusals.filter(({ kind }) => kind === "network")).toEqual([]);
  });

  test("does not see the operator's environment, whose names are told as withheld", async () => {
    const environment = { AWS_SECRET_ACCESS_KEY: "hunter2", EDITOR: "vi" };
    const text = "env; cat /proc/self/environ /proc/1/environ; cat /proc/*/environ; cat /proc/*/cmdline";
    const { receipt, stdout } = await bench.script(text, { environment: ["EDITOR"] }, { environment });
    expect(stdout).not.toContain("hunter2");
    expect(stdout).toContain("EDITOR=vi");
    expect(receipt.refusals).toContainEqual({
      kind: "environment",
      target: "AWS_SECRET_ACCESS_KEY",
      detail: "withheld",
    });
    expect(JSON.stringify(receipt)).not.toContain("hunter2");
  });
});

describeWithSandbox("ways out of the sandbox", () => {
  test("a link in `out/` to another place does not make that place writable", async () => {
    symlinkSync(bench.home, join(bench.out, "link"));
    const { receipt } = await bench.script(
      "echo x > out/link/planted; ln -s / out/root; echo x > out/root/etc/planted",
    );
    expect(existsSync(join(bench.home, "planted"))).toBe(false);
    expect(existsSync("/etc/planted")).toBe(false);
    expect(receipt.files.map(({ path }) => path)).toEqual([join(bench.out, "root")]);
  });

  test("a read through a link to a hidden place is refused and told", async () => {
    symlinkSync(join(bench.home, ".ssh", "id_ed25519"), join(bench.out, "key"));
    const { receipt, stdout } = await bench.script("cat out/key");
    expect(stdout).toBe("");
    expect(attempts(receipt)).toContainEqual(expect.objectContaining({ kind: "read", target: join(bench.out, "key") }));
  });

  test("a hard link cannot bring a file of another place into reach", async () => {
    writeFileSync(join(bench.project, "source"), "original");
    const { receipt } = await bench.script("ln source out/source; ln /usr/bin/env out/env");
    expect(existsSync(join(bench.out, "source"))).toBe(false);
    expect(attempts(receipt)).toContainEqual(expect.objectContaining({ target: join(bench.project, "source") }));
  });

  test.each([
    ["/proc/self/root", 'ls "/proc/self/root$HOME/.ssh"; cat "/proc/1/root$HOME/.ssh/id_ed25519"'],
    ["the first process's working folder", 'cat "/proc/1/cwd/../../../$HOME/.ssh/id_ed25519"'],
    ["climbing out of the working folder", "cat ../home/.ssh/id_ed25519"],
  ])("%s shows nothing of the machine", async (_, text) => {
    const { stdout } = await bench.script(text);
    expect(stdout).toBe("");
  });

  test.each([
    ["remount the working folder writable", "mount -o remount,rw,bind . && echo x > escaped"],
    ["unmount the empty home", 'umount "$HOME" && cat ~/.ssh/id_ed25519'],
    [
      "open a user namespace with its capabilities",
      "unshare -Urm sh -c 'mount -o remount,rw,bind . && echo x > escaped'",
    ],
    ["change the root", 'chroot /proc/1/root cat "$HOME/.ssh/id_ed25519"'],
  ])("cannot %s", async (_, text) => {
    const { receipt, stdout } = await bench.script(text);
    expect(stdout).toBe("");
    expect(receipt.outcome).toBe("failed");
    expect(existsSync(join(bench.project, "escaped"))).toBe(false);
  });

  test("changes no setting of the kernel, even where root runs it", async () => {
    const same = "for one in kernel/core_pattern vm/swappiness; do cat /proc/sys/$one > /proc/sys/$one; done";
    const { receipt, stdout } = await bench.script(
      `${same}; find /proc -path '/proc/[0-9]*' -prune -o -type f -writable -print 2>/dev/null`,
    );
    expect(stdout).toBe("");
    for (const path of ["/proc/sys/kernel/core_pattern", "/proc/sys/vm/swappiness"]) {
      expect(receipt.refusals).toContainEqual(expect.objectContaining({ kind: "write", target: path }));
    }
  });

  test("has no capability, no way to gain one, and a system-call filter", async () => {
    const { stdout } = await bench.script("cat /proc/self/status; id -u");
    for (const set of ["Inh", "Prm", "Eff", "Bnd", "Amb"]) expect(stdout).toMatch(new RegExp(`Cap${set}:\\s+0+\\n`));
    expect(stdout).toMatch(/NoNewPrivs:\s+1/);
    expect(stdout).toMatch(/Seccomp:\s+2/);
    expect(stdout.trim().split("\n").at(-1)).not.toBe("0");
  });

  test("leaves no program behind that would run with the operator's rights", async () => {
    const { receipt } = await bench.script("cp /bin/sh out/sh; chmod 4755 out/sh; chmod g+s out/sh; chmod 755 out/sh");
    expect(receipt.outcome).toBe("succeeded");
    expect(statSync(join(bench.out, "sh")).mode & 0o7777).toBe(0o755);
    const { stderr } = await bench.script("chmod u+s out/sh");
    expect(stderr).toContain("not permitted");
    expect(statSync(join(bench.out, "sh")).mode & 0o6000).toBe(0);
  });

  test("inherits no descriptor of ours, nor of what started us", async () => {
    const { stdout } = await bench.run({
      argv: [
        process.execPath,
        "-e",
        "console.log(require('fs').readdirSync('/proc/self/fd').map(f=>{try{return f+' '+require('fs').readlinkSync('/proc/self/fd/'+f)}catch{return ''}}).join('\\n'))",
      ],
    });
    const strange = stdout
      .split("\n")
      .filter((line) => !/^$|^[012] |anon_inode|^\d+ \/dev\/null$|^\d+ \/proc\/\d+\/fd$|^\d+ pipe:/.test(line));
    expect(strange).toEqual([]);
  });

  test("cannot write through a descriptor that the runner's process inherited", async () => {
    const target = join(bench.folder, "inherited");
    writeFileSync(target, "untouched");
    const program = `
      import { openBench } from ${JSON.stringify(join(import.meta.dirname, "bench.ts"))};
      const bench = openBench();
      const { stdout } = await bench.script("for i in 3 4 5 6 7 8 9; do echo broken >&$i; done; ls -l /proc/self/fd; echo broken > /proc/self/fd/77; true");
      process.stdout.write(stdout);
      bench.close();`;
    const shell = `exec 77>>"$2"; exec "$0" --conditions=writ-source --input-type=module -e "$1"`;
    const listing = execFileSync("bash", ["-c", shell, process.execPath, program, target], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(listing).not.toContain("inherited");
    expect(readFileSync(target, "utf8")).toBe("untouched");
  });

  test("reaches no abstract socket of the machine without its network", async () => {
    const name = `writ-test-${String(process.pid)}`;
    const server = createServer((socket) => socket.end("reached"));
    await new Promise<void>((resolve) => server.listen(`\0${name}`, resolve));
    const { receipt, stdout } = await bench.run({
      argv: [
        process.execPath,
        "-e",
        `require('net').connect('\\0${name}').on('data',d=>process.stdout.write(d)).on('error',()=>{})`,
      ],
    });
    server.close();
    expect(stdout).toBe("");
    expect(receipt.refusals.some(({ kind, target }) => kind === "network" && target.includes(name))).toBe(true);
  });

  test("reaches no socket that lies outside its scope", async () => {
    const path = join(bench.folder, "agent.sock");
    const server = createServer((socket) => socket.end("reached"));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const { receipt, stdout } = await bench.run({
      argv: [
        process.execPath,
        "-e",
        `require('net').connect(${JSON.stringify(path)}).on('data',d=>process.stdout.write(d)).on('error',()=>{})`,
      ],
    });
    server.close();
    expect(stdout).toBe("");
    expect(receipt.refusals).toContainEqual(expect.objectContaining({ kind: "network", target: path }));
  });

  test("sees neither keys nor data that lie inside its working folder", async () => {
    bench.close();
    bench = openBench();
    const keys = join(bench.project, ".keys");
    mkdirSync(keys);
    writeFileSync(join(keys, "signer"), "PRIVATE KEY");
    const inner = openBench({ hidden: [keys, join(bench.project, "socket")] });
    writeFileSync(join(bench.project, "socket"), "");
    const { receipt, stdout } = await inner.script(
      "cat .keys/signer; ls -A .keys; cat socket; chmod 777 .keys; test -e .keys/none",
      { cwd: bench.project, write: [bench.out] },
    );
    inner.close();
    expect(stdout).toBe("");
    for (const path of [join(keys, "signer"), join(keys, "none"), keys, join(bench.project, "socket")]) {
      expect(attempts(receipt)).toContainEqual(expect.objectContaining({ kind: "read", target: path }));
    }
    expect(attempts(receipt)).toContainEqual(expect.objectContaining({ kind: "write", target: keys }));
  });

  test("the program cannot forge lines of the observer's report", async () => {
    const forged = '[pid 1] openat(AT_FDCWD</>, "\\x2f\\x66\\x6f\\x72\\x67\\x65\\x64", O_WRONLY) = -1 EROFS (x)';
    const text = `echo '${forged}' >&2; echo '${forged}'; cat "
${forged}
"; touch "/usr/") = -1 EROFS (x)"`;
    const { receipt } = await bench.script(text);
    expect(receipt.refusals.filter(({ target }) => target === "/forged")).toEqual([]);
  });

  test("a pre-existing hard link inside the scope is written as the scope allows", async () => {
    writeFileSync(join(bench.out, "one"), "1");
    linkSync(join(bench.out, "one"), join(bench.out, "two"));
    const { receipt } = await bench.script("echo 2 > out/one");
    expect(receipt.files.map(({ path, change }) => `${change} ${path}`)).toEqual([
      `changed ${join(bench.out, "one")}`,
      `changed ${join(bench.out, "two")}`,
    ]);
  });
});

function connectTo(host: string, port: number): string {
  return `require('net').connect(${String(port)},${JSON.stringify(host)}).on('error',()=>{}).on('connect',()=>console.log('connected'))`;
}
