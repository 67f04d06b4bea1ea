import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prepare } from "../src/preparation.ts";
import type { Sandbox } from "../src/detect-sandbox.ts";
import { settingsFrom } from "../src/settings.ts";
import { contractFor, type Asked } from "./bench.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "writ-prepare-")));
  for (const name of ["home/.ssh", "home/project", "project/out", "project/.keys", "elsewhere", "keys"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  symlinkSync(join(folder, "elsewhere"), join(folder, "project", "link"));
  writeFileSync(join(folder, "project", "file"), "");
  writeFileSync(join(folder, "project", "tool"), "#!/bin/sh\n", { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const none: Sandbox = { available: false, reason: "-", next: "-" };

function settings() {
  const hidden = [join(folder, "keys"), join(folder, "project", ".keys"), join(folder, "not-yet")];
  return settingsFrom({ hidden, home: join(folder, "home"), environmentNames: [] });
}

/** The code that blocks, or the options of bubblewrap as one text. */
function prepared(asked: Partial<Asked> = {}): string {
  const contract = contractFor({ argv: ["true"], cwd: join(folder, "project"), ...asked });
  const preparation = prepare({ contract }, settings(), none);
  return preparation.ok ? ` ${preparation.prepared.launch.options.join(" ")} ` : preparation.blocked.code;
}

describe("what does not fit the machine", () => {
  test.each<[string, () => Partial<Asked>, string]>([
    ["a working folder that is not there", () => ({ cwd: join(folder, "none") }), "RUNNER_DIRECTORY_MISSING"],
    ["a working folder that is a file", () => ({ cwd: join(folder, "project/file") }), "RUNNER_DIRECTORY_MISSING"],
    ["a working folder behind a link", () => ({ cwd: join(folder, "project/link") }), "RUNNER_DIRECTORY_MISSING"],
    ["the home itself", () => ({ cwd: join(folder, "home") }), "RUNNER_SCOPE_UNSAFE"],
    ["what contains the home", () => ({ cwd: folder }), "RUNNER_SCOPE_UNSAFE"],
    ["the root", () => ({ cwd: "/" }), "RUNNER_SCOPE_UNSAFE"],
    ["a hidden working folder", () => ({ cwd: join(folder, "keys") }), "RUNNER_SCOPE_UNSAFE"],
    ["the processes of the machine", () => ({ cwd: "/proc/self/task" }), "RUNNER_DIRECTORY_MISSING"],
    ["a scope behind a link", () => ({ write: [join(folder, "project/link")] }), "RUNNER_SCOPE_MISSING"],
    ["a scope below a link", () => ({ write: [join(folder, "project/link/new")] }), "RUNNER_SCOPE_MISSING"],
    ["a scope that is not there, nor its parent", () => ({ write: [join(folder, "a/b")] }), "RUNNER_SCOPE_MISSING"],
    ["a reading scope that is not there", () => ({ read: [join(folder, "a")] }), "RUNNER_SCOPE_MISSING"],
    ["writing keys", () => ({ write: [join(folder, "keys")] }), "RUNNER_SCOPE_UNSAFE"],
    ["reading keys", () => ({ read: [join(folder, "keys/signer")] }), "RUNNER_SCOPE_UNSAFE"],
    ["writing what contains keys", () => ({ write: [join(folder, "project")] }), "RUNNER_SCOPE_UNSAFE"],
    ["writing where keys may come to be", () => ({ write: [join(folder, "not-yet")] }), "RUNNER_SCOPE_UNSAFE"],
    ["reading the home", () => ({ read: [join(folder, "home")] }), "RUNNER_SCOPE_UNSAFE"],
    ["reading private keys of SSH", () => ({ read: [join(folder, "home/.ssh")] }), "RUNNER_SCOPE_UNSAFE"],
    ["reading everything", () => ({ read: ["/"] }), "RUNNER_SCOPE_UNSAFE"],
    ["writing devices", () => ({ write: ["/dev/shm"] }), "RUNNER_SCOPE_UNSAFE"],
    ["reading the sockets of services", () => ({ read: ["/run"] }), "RUNNER_SCOPE_UNSAFE"],
    ["no such program", () => ({ argv: ["writ-no-such-program"] }), "RUNNER_PROGRAM_MISSING"],
    ["a program that may not be executed", () => ({ argv: ["./file"] }), "RUNNER_PROGRAM_MISSING"],
  ])("%s", (_, asked, code) => {
    expect(prepared(asked())).toBe(code);
  });

  test("a socket as scope", async () => {
    const path = join(folder, "socket");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(prepared({ write: [path] })).toBe("RUNNER_SCOPE_UNSAFE");
    server.close();
  });
});

describe("what the sandbox is built from", () => {
  test("the working folder is read-only, the scope writable, what is hidden covered, in this order", () => {
    const out = join(folder, "project/out");
    const options = prepared({ write: [out] });
    const steps = [
      `--ro-bind-fd 10 ${folder}/project `,
      `--bind-fd 11 ${out} `,
      `--tmpfs ${folder}/project/.keys `,
      "--remount-ro / ",
    ];
    const places = steps.map((step) => options.indexOf(step));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((left, right) => left - right));
  });

  test("a reading path within the writable scope does not make it read-only", () => {
    const out = join(folder, "project/out");
    mkdirSync(join(out, "sub"));
    expect(prepared({ write: [out], read: [join(out, "sub")] })).not.toContain(` ${out}/sub `);
  });

  test("a project below the home is shown over the empty home", () => {
    const project = join(folder, "home/project");
    const options = prepared({ cwd: project });
    expect(options.indexOf(`--tmpfs ${folder}/home `)).toBeLessThan(options.indexOf(`--ro-bind-fd 10 ${project} `));
  });

  test("the network is shared only when the scope says so", () => {
    expect(prepared()).toContain(" --unshare-net ");
    expect(prepared({ network: "host" })).not.toContain("--unshare-net");
  });

  test("no path of the machine is writable without a scope", () => {
    expect(prepared()).not.toMatch(/ --(?:dev-)?bind /);
  });

  test("neither accounts, host keys nor private keys of the system are shown", () => {
    expect(prepared()).not.toMatch(/--ro-bind \/etc(?:\/(?:ssl|ssh|shadow|passwd|pki|sudoers))? /);
  });

  test("a folder of the scope that is missing beside existing ones will be made", () => {
    const path = join(folder, "project/new");
    const contract = contractFor({ argv: ["true"], cwd: join(folder, "project"), write: [path] });
    const preparation = prepare({ contract }, settings(), none);
    expect(preparation.ok && preparation.prepared.reach.missing).toEqual([path]);
  });
});

describe("what is handed on", () => {
  const contractWith = (environment: readonly string[]) =>
    contractFor({ argv: ["true"], cwd: join(folder, "project"), environment });

  test("only named variables, and the sandbox's own basics", () => {
    const environment = { CI: "1", SECRET: "x" };
    const preparation = prepare({ contract: contractWith(["CI", "MISSING"]), environment }, settings(), none);
    expect(preparation.ok && [...preparation.prepared.environment.keys()]).toEqual([
      "PATH",
      "HOME",
      "LANG",
      "TERM",
      "CI",
    ]);
  });

  test.each(["a\0b", "x".repeat(200_000)])("a value that cannot be handed on is refused", (value) => {
    const preparation = prepare({ contract: contractWith(["CI"]), environment: { CI: value } }, settings(), none);
    expect(preparation).toMatchObject({ ok: false, blocked: { code: "RUNNER_ENVIRONMENT_INVALID" } });
  });

  test("input that nobody decided is refused", () => {
    const preparation = prepare({ contract: contractWith([]), stdin: Buffer.from("x") }, settings(), none);
    expect(preparation).toMatchObject({ ok: false, blocked: { code: "RUNNER_STDIN_MISMATCH" } });
  });
});
