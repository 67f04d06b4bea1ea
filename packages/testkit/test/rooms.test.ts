import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

/** Which room may import which (docs/ARCHITECTURE.md). Written out here on purpose: a change of it is a decision. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  canon: [],
  kernel: ["canon"],
  policy: ["canon"],
  store: ["canon"],
  verify: [],
  ledger: ["canon", "store"],
  engine: ["canon", "kernel", "ledger", "policy", "store"],
  runner: ["canon", "kernel"],
  api: ["canon", "kernel"],
  server: ["api", "canon", "engine", "kernel"],
  cli: ["api", "canon", "engine", "kernel", "ledger", "policy", "runner", "server", "store", "verify"],
  testkit: ["canon", "kernel", "ledger", "policy", "store"],
};

const root = join(import.meta.dirname, "..", "..", "..");

describe("rooms and the direction of imports", () => {
  test("every room is in the table, and the table has no other", () => {
    expect(readdirSync(join(root, "packages")).sort()).toEqual(Object.keys(ROOMS).sort());
  });

  test.each(Object.entries(ROOMS))("%s depends on exactly the rooms it may import", (room, allowed) => {
    const { dependencies = {} } = JSON.parse(read(room, "package.json")) as { dependencies?: Record<string, string> };
    const rooms = Object.keys(dependencies).filter((name) => name.startsWith("@writ/"));
    expect(rooms.map((name) => name.slice("@writ/".length)).sort()).toEqual([...allowed].sort());
  });

  test.each(Object.entries(ROOMS))("%s references exactly those projects", (room, allowed) => {
    const { references = [] } = JSON.parse(read(room, "tsconfig.json")) as { references?: { path: string }[] };
    expect(references.map(({ path }) => path.slice("../".length)).sort()).toEqual([...allowed].sort());
  });

  test.each(Object.entries(ROOMS))(
    "the sources of %s import no other room, and no room by its path",
    (room, allowed) => {
      for (const file of sources(room)) {
        const imports = importsOf(read(room, file));
        const rooms = imports.filter((name) => name.startsWith("@writ/")).map((name) => name.split("/")[1] ?? "");
        expect(
          rooms.filter((name) => !allowed.includes(name)),
          file,
        ).toEqual([]);
        expect(
          imports.filter((name) => name.includes("/packages/") || /^\.\.\/\.\.\/[a-z]+\/src/.test(name)),
          file,
        ).toEqual([]);
      }
    },
  );

  test("the verifier imports nothing but Node itself", () => {
    for (const file of sources("verify")) {
      const imports = importsOf(read("verify", file));
      expect(
        imports.filter((name) => !name.startsWith("./") && !name.startsWith("../") && !name.startsWith("node:")),
        file,
      ).toEqual([]);
    }
  });
});

/** Static imports, re-exports and dynamic imports with a literal name. */
function importsOf(text: string): string[] {
  const found = text.matchAll(
    /^(?:import|export)\b[^;"]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map(([, first, second, third]) => first ?? second ?? third ?? "");
}

function sources(room: string): string[] {
  const folder = join(root, "packages", room, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join("src", file));
}

function read(room: string, file: string): string {
  return readFileSync(join(root, "packages", room, file), "utf8");
}
