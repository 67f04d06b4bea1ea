import { afterAll, beforeAll, expect, test } from "vitest";
import { createInstallation, type Installation } from "./support/installation.ts";

let writ: Installation;

beforeAll(() => {
  writ = createInstallation();
});

afterAll(async () => {
  await writ.dispose();
});

test("reads one word as shell text, and several as a program and its words", async () => {
  const text = await writ.run(["kernel", "shape", "--json", "--", "echo $(rm -rf build)"]);
  expect(text.code).toBe(0);
  expect(JSON.parse(text.stdout)).toMatchObject({
    schema: "writ.command-shape.v1",
    verdict: "destructive",
    opaque: [],
  });
  const words = await writ.run(["kernel", "shape", "--json", "--", "echo", "$(rm -rf build)"]);
  expect(JSON.parse(words.stdout)).toMatchObject({ verdict: "read_only" });
  const wrapped = await writ.run(["kernel", "shape", "--json", "--", "sudo", "sh", "-c", "rm -rf build"]);
  expect(JSON.parse(wrapped.stdout)).toMatchObject({
    verdict: "destructive",
    commands: [{ wrappers: ["sudo", "sh -c"] }, {}],
  });
});

test("says in words what runs, what cannot be seen, and why", async () => {
  const { code, stdout } = await writ.run(["kernel", "shape", "--", 'git log -3 | head; sh -c "$x"']);
  expect(code).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "read_only  git log -3",
    "read_only  head",
    "opaque  sh -c <computed>",
    'opaque (dynamic_code)  "\\"$x\\""',
    "verdict: opaque",
    "",
  ]);
});

test("reads a flag of the command as the command's, with and without the dashes before it", async () => {
  const { stdout } = await writ.run(["kernel", "shape", "ls", "--json"]);
  expect(stdout).toContain("verdict: ");
});

test("asks for a command", async () => {
  expect((await writ.run(["kernel", "shape"])).code).toBe(2);
});
