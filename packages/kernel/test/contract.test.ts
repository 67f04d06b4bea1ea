import { describe, expect, test } from "vitest";
import { isWritError, type JsonValue } from "@writ/canon";
import { contractDigest, contractText, parseContract, shapeProcess, shapeStatement } from "@writ/kernel";
import { AGENT, asJson, OPERATOR, processContract, statementContract } from "./samples.ts";

/** Sets one field, named by its path, of a sample and reads it. */
function withField(path: string, value: unknown, sample: object = processContract): JsonValue {
  const contract = asJson(sample) as unknown as Record<string, unknown>;
  const names = path.split(".");
  const last = names.pop() ?? "";
  const holder = names.reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, contract);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return contract as unknown as JsonValue;
}

function refusalOf(read: () => unknown): { code: string; field: unknown } {
  try {
    read();
  } catch (error) {
    if (isWritError(error)) return { code: error.code, field: error.details["field"] };
    throw error;
  }
  return { code: "accepted", field: null };
}

describe("parseContract", () => {
  test.each([processContract, statementContract])("reads what was shaped, to the same bytes", (contract) => {
    expect(contractText(parseContract(asJson(contract)))).toBe(contractText(contract));
  });

  test.each([
    ["an unknown field", "extra", 1, "extra"],
    ["a field of Object's prototype", "constructor", 1, "constructor"],
    ["a missing field", "tenant", undefined, "tenant"],
    ["another version", "schema", "writ.contract.v2", "schema"],
    ["an unknown principal type", "principal.type", "admin", "principal.type"],
    ["an empty id", "principal.id", "", "principal.id"],
    ["an id with a space", "principal.id", "a b", "principal.id"],
    ["an id of 129 characters", "tenant", "t".repeat(129), "tenant"],
    ["a chain of nine", "on_behalf_of", Array.from({ length: 9 }, () => OPERATOR), "on_behalf_of"],
    ["an unknown action", "action", "process.spawn", "action"],
    ["an unknown resource type", "resource.type", "Wallet", "resource.type"],
    ["no argument", "shape.argv", [], "shape.argv"],
    ["an empty program", "shape.argv", [""], "shape.argv.0"],
    ["1,025 arguments", "shape.argv", Array.from({ length: 1025 }, () => "x"), "shape.argv"],
    ["arguments of 24 KiB and one byte", "shape.argv", ["x".repeat(24 * 1024), "y"], "shape.argv"],
    ["arguments whose bytes, not characters, are too many", "shape.argv", ["é".repeat(13_000)], "shape.argv"],
    ["a NUL in an argument", "shape.argv", ["a\0b"], "shape.argv.0"],
    ["half of a surrogate pair", "shape.argv", ["\ud800"], "shape.argv.0"],
    ["an argument that is a number", "shape.argv", ["node", 1], "shape.argv.1"],
    ["a relative working folder", "shape.cwd", "project", "shape.cwd"],
    ["a working folder with a dot part", "shape.cwd", "/work/../etc", "shape.cwd"],
    ["a trailing slash", "shape.cwd", "/work/", "shape.cwd"],
    ["a doubled slash", "shape.cwd", "//work", "shape.cwd"],
    ["a path of 4,096 characters", "shape.cwd", `/${"x".repeat(4095)}`, "shape.cwd"],
    ["unsorted variables", "shape.environment", ["CI", "AWS_REGION"], "shape.environment.1"],
    ["a variable given twice", "shape.environment", ["CI", "CI"], "shape.environment.1"],
    ["a variable with a value", "shape.environment", ["CI=1"], "shape.environment.0"],
    ["an upper-case digest", "shape.stdin.sha256", "A".repeat(64), "shape.stdin.sha256"],
    ["a negative size", "shape.stdin.bytes", -1, "shape.stdin.bytes"],
    ["negative zero", "shape.stdin.bytes", -0, "shape.stdin.bytes"],
    ["an unknown effect", "effects", ["magic"], "effects.0"],
    ["unsorted effects", "effects", ["state_change", "execution"], "effects.1"],
    ["a time of 0", "limits.time_ms", 0, "limits.time_ms"],
    ["a time above a day", "limits.time_ms", 86_400_001, "limits.time_ms"],
    ["a time that is text", "limits.time_ms", "60", "limits.time_ms"],
    ["a fraction", "limits.time_ms", 1.5, "limits.time_ms"],
    ["output above 1 GiB", "limits.output_bytes", 2 ** 30 + 1, "limits.output_bytes"],
    ["no process", "limits.processes", 0, "limits.processes"],
    ["4,097 processes", "limits.processes", 4097, "limits.processes"],
    ["a truthy network", "scope.network", true, "scope.network"],
    ["a relative scope", "scope.write", ["out"], "scope.write.0"],
    ["a scope that is no list", "scope.write", "/out", "scope.write"],
    ["65 paths", "scope.read", Array.from({ length: 65 }, (_, n) => `/${String(n).padStart(2, "0")}`), "scope.read"],
    ["a statement under `process.exec`", "shape", statementContract.shape, "shape"],
  ])("refuses %s", (_, path, value, field) => {
    expect(refusalOf(() => parseContract(withField(path, value)))).toEqual({ code: "CONTRACT_INVALID", field });
  });

  test.each([
    ["a process under another action", "shape", processContract.shape, "shape"],
    ["empty text", "shape.text", "", "shape.text"],
    ["text of 64 KiB and one character", "shape.text", "x".repeat(65_537), "shape.text"],
    ["an amount with an exponent", "shape.amount", "1e3", "shape.amount"],
    ["an amount that is a number", "shape.amount", 50, "shape.amount"],
    ["an amount with a plus sign", "shape.amount", "+5", "shape.amount"],
    ["65 pieces of evidence", "shape.evidence", Array.from({ length: 65 }, () => "e"), "shape.evidence"],
    ["arguments without a canonical form", "shape.args", { half: "\udc00" }, "shape.args"],
    ["arguments that make it larger than 1 MiB", "shape.args", "x".repeat(1024 * 1024), ""],
  ])("refuses %s", (_, path, value, field) => {
    const read = () => parseContract(withField(path, value, statementContract));
    expect(refusalOf(read)).toEqual({ code: "CONTRACT_INVALID", field });
  });

  test.each([null, true, 1, "x", []])("refuses %j for a contract", (value) => {
    expect(refusalOf(() => parseContract(value))).toMatchObject({ code: "CONTRACT_INVALID" });
  });

  test("accepts the bounds themselves", () => {
    const change: readonly (readonly [string, unknown])[] = [
      ["shape.argv", Array.from({ length: 1024 }, () => "x")],
      ["shape.argv", ["x".repeat(24 * 1024)]],
      ["limits", { time_ms: 86_400_000, output_bytes: 2 ** 30, processes: 4096 }],
      ["limits", { time_ms: 1, output_bytes: 0, processes: 1 }],
      ["tenant", "t".repeat(128)],
    ];
    for (const [path, value] of change) expect(() => parseContract(withField(path, value))).not.toThrow();
  });
});

describe("shapeProcess", () => {
  const asked = { tenant: "local", principal: AGENT, onBehalfOf: [], effects: [], argv: ["ls"], cwd: "/work" } as const;

  test.each([
    ["a relative path is seen from the working folder", ["out"], ["/work/out"]],
    ["`.` and `..` are resolved", ["./a/../b", "../c"], ["/c", "/work/b"]],
    ["`..` stops at the root", ["../../../etc"], ["/etc"]],
    ["equal paths count once, in one order", ["b", "a", "./b/"], ["/work/a", "/work/b"]],
  ])("%s", (_, write, expected) => {
    expect(shapeProcess({ ...asked, scope: { write } }).scope.write).toEqual(expected);
  });

  test("equal requests have one digest, whatever the order of names, effects and paths", () => {
    const one = shapeProcess({ ...asked, environment: ["B", "A"], effects: ["state_change", "execution"] });
    const other = shapeProcess({
      ...asked,
      cwd: "/x/../work/",
      environment: ["A", "B", "A"],
      effects: ["execution", "state_change"],
    });
    expect(contractDigest(one)).toBe(contractDigest(other));
  });

  test.each([
    ["a relative working folder", { cwd: "work" }],
    ["a NUL in a path", { scope: { write: ["a\0"] } }],
    ["an empty path", { scope: { read: [""] } }],
    ["no program", { argv: [] }],
    ["a limit out of bounds", { limits: { time_ms: 0 } }],
  ])("refuses %s", (_, change) => {
    expect(refusalOf(() => shapeProcess({ ...asked, ...change })).code).toBe("CONTRACT_INVALID");
  });
});

describe("shapeStatement", () => {
  const asked = { tenant: "local", principal: AGENT, onBehalfOf: [], effects: [], text: "do it" } as const;

  test.each([
    ["file.write", { target: "/a" }, { type: "Path", id: "/a" }],
    ["net.connect", { target: "example.com" }, { type: "Host", id: "example.com" }],
    ["vault.load", { target: "doc-1" }, { type: "Document", id: "doc-1" }],
    ["run.apply", { target: "run-1" }, { type: "Run", id: "run-1" }],
    ["mcp.call", { tool: "git.push" }, { type: "Tool", id: "git.push" }],
    ["message.send", {}, { type: "Channel", id: "general" }],
    ["governance.set", {}, { type: "System", id: "governance" }],
    ["act", {}, { type: "Tool", id: "none" }],
  ] as const)("`%s` is about %o", (action, more, resource) => {
    expect(shapeStatement({ ...asked, action, ...more }).resource).toEqual(resource);
  });

  test.each(["file.read", "file.write", "net.connect", "vault.load", "run.open", "run.apply", "mcp.call"] as const)(
    "`%s` needs a target",
    (action) => {
      expect(refusalOf(() => shapeStatement({ ...asked, action })).field).toBe("target");
    },
  );
});
