import { resolve } from "node:path";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { expect, test } from "vitest";
import type { Refusal } from "@writ/kernel";
import type { Surroundings } from "../src/attempt.ts";
import { createObserver } from "../src/observer.ts";

const around: Surroundings = {
  cwd: "/work",
  home: "/home/u",
  network: "none",
  shown: ["/usr", "/work"],
  hidden: ["/home/u/.ssh"],
  writable: [],
  guard: { repositories: [], readOnly: [], missing: [] },
  realPath: (path) => path,
  mayRun: (path) => path.endsWith("/tool"),
  inside: { hold: () => {}, leads: (path) => resolve(path.replace("/tmp/link", "/home/u/.ssh")), release: () => {} },
  changeableFolder: (path) => (path.startsWith("/tmp/") ? "/tmp" : null),
  loopback: { hold: () => {}, serves: () => false, release: () => {} },
};

const hex = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
const write = (path: string): string => `openat(AT_FDCWD<${hex("/")}>, "${hex(path)}", O_WRONLY) = -1 EROFS (x)`;
const read = (path: string): string => `openat(AT_FDCWD<${hex("/")}>, "${hex(path)}", O_RDONLY) = -1 ENOENT (x)`;

async function observed(lines: readonly string[]): Promise<readonly Refusal[]> {
  const trace = new PassThrough();
  const observer = createObserver(around);
  observer.watch(trace);
  trace.end(lines.map((line) => `${line}\n`).join(""));
  await finished(trace);
  return observer.attempts();
}

test("a flood of one kind of attempt hides no other, and is counted", async () => {
  const flood = Array.from({ length: 1000 }, (_, index) => write(`/usr/${String(index)}`));
  const told = await observed([
    ...flood,
    ...flood.map((line) => line.replace("EROFS", "EPERM")),
    read("/etc/x"),
    read("/home/u/.ssh/id"),
  ]);
  expect(told[0]).toEqual({ kind: "limit", target: "refusals", detail: "1744 further attempts are not listed" });
  expect([1, 2, -1].map((index) => told.at(index)?.target)).toEqual(["/home/u/.ssh/id", "/usr/0", "/etc/x"]);
  expect(told[2]?.detail).toBe("openat: EROFS, 2 times");
});

test("one attempt made often is one line with its number", async () => {
  const told = await observed(Array.from({ length: 5000 }, () => read("/home/u/.ssh/id")));
  expect(told).toEqual([{ kind: "read", target: "/home/u/.ssh/id", detail: "openat: not visible inside, 5000 times" }]);
});
