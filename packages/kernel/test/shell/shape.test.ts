import { array, assert, constantFrom, integer, oneof, property, string, tuple } from "fast-check";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import * as shell from "@writ/kernel/shell";
import { RISK_CLASSES, SHELL_BOUNDS, shapeArgv, shapeShellText } from "@writ/kernel/shell";

const rank = (name: (typeof RISK_CLASSES)[number]): number => RISK_CLASSES.indexOf(name);

test("exports these values and no others", () => {
  expect(Object.keys(shell).toSorted()).toEqual([
    "OPAQUE_REASONS",
    "REDIRECTION_MODES",
    "RISK_CLASSES",
    "SHELL_BOUNDS",
    "shapeArgv",
    "shapeShellText",
  ]);
});

test("the main entry of the kernel does not reach the grammar", () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/from "([^"]+)"/g)) {
      expect(name).not.toBe("unbash");
      if (name.startsWith(".")) visit(join(dirname(file), name));
    }
  };
  visit(join(import.meta.dirname, "../../src/index.ts"));
  expect(seen.size).toBeGreaterThan(20);
});

describe("the report", () => {
  test("names words, wrappers, assignments, redirections and places", () => {
    const line = `CI=1 sudo env A=b sh -c 'rm -rf "$1" >out 2>&1' < in`;
    const { commands, verdict } = shapeShellText(line);
    expect(verdict).toBe("destructive");
    const place = { start: line.indexOf("'rm"), end: line.indexOf(" < in") };
    expect(commands).toEqual([
      {
        argv: ["rm", "-rf", null],
        wrappers: ["sudo", "env", "sh -c"],
        assignments: [],
        redirections: [
          { mode: "write", target: "out" },
          { mode: "duplicate", target: "1" },
        ],
        span: place,
        effect: "destructive",
        effects: ["writes", "destructive"],
      },
      {
        argv: ["sh", "-c", `rm -rf "$1" >out 2>&1`],
        wrappers: ["sudo", "env"],
        assignments: [
          { name: "CI", value: "1" },
          { name: "A", value: "b" },
        ],
        redirections: [{ mode: "read", target: "in" }],
        span: { start: 0, end: line.length },
        effect: "privileged",
        effects: ["privileged"],
      },
    ]);
  });

  test("points at the word that hides something", () => {
    const line = `echo a; eval "$x"; ls`;
    expect(shapeShellText(line).opaque).toEqual([{ reason: "dynamic_code", span: { start: 13, end: 17 } }]);
  });

  test("takes argv for what it is: nothing in it is split or expanded", () => {
    expect(shapeArgv(["echo", "$(rm -rf /)", "| sh"]).verdict).toBe("read_only");
    expect(shapeArgv(["sh", "-c", "rm -rf /"]).verdict).toBe("destructive");
    expect(shapeArgv(["a b"]).verdict).toBe("executes_code");
    expect(shapeArgv([]).verdict).toBe("opaque");
    expect(shapeArgv([""]).verdict).toBe("opaque");
  });
});

describe("laws", () => {
  const command = constantFrom(
    "ls -l",
    "cat a",
    "rm -rf x",
    "curl http://a.example",
    "npm test",
    "sudo id",
    "eval $x",
    "echo a > b",
    "sh -c 'rm x'",
    "$x",
  );
  const wrapper = constantFrom(
    "env",
    "nohup",
    "nice -n 5",
    "timeout 5",
    "command",
    "exec",
    "time",
    "sudo",
    "setsid",
    "stdbuf -oL",
    "busybox",
    "xargs",
    "env A=1",
    "builtin",
  );

  test("a line is as risky as its riskiest part, however the parts are joined", () => {
    assert(
      property(command, command, constantFrom(" ; ", " && ", " || ", " & ", "\n"), (left, right, joint) => {
        const both = rank(shapeShellText(left + joint + right).verdict);
        expect(both).toBe(Math.max(rank(shapeShellText(left).verdict), rank(shapeShellText(right).verdict)));
      }),
    );
  });

  test("compound commands and substitutions hide nothing", () => {
    const frames = constantFrom(
      (text: string) => `( ${text} )`,
      (text: string) => `{ ${text}; }`,
      (text: string) => `if true; then ${text}; fi`,
      (text: string) => `for i in 1 2; do ${text}; done`,
      (text: string) => `while ${text}; do :; done`,
      (text: string) => `case a in *) ${text};; esac`,
      (text: string) => `echo "$( ${text} )"`,
      (text: string) => `cat <( ${text} )`,
      (text: string) => `f() { ${text}; }; f`,
      (text: string) => `! ${text}`,
      (text: string) => `cat <<E\n$( ${text} )\nE`,
    );
    assert(
      property(command, frames, frames, (text, inner, outer) => {
        const bare = rank(shapeShellText(text).verdict);
        expect(rank(shapeShellText(outer(inner(text))).verdict)).toBeGreaterThanOrEqual(bare);
      }),
    );
  });

  test("a wrapper makes nothing less risky", () => {
    assert(
      property(array(wrapper, { minLength: 1, maxLength: 4 }), command, (wrappers, text) => {
        const wrapped = shapeShellText([...wrappers, text].join(" ")).verdict;
        expect(rank(wrapped)).toBeGreaterThanOrEqual(rank(shapeShellText(text.replace(/>.*/, "")).verdict));
      }),
    );
  });

  test("quoting does not change what a word is", () => {
    const quoted = tuple(
      constantFrom("rm", "curl", "npm", "eval"),
      array(constantFrom("'", '"', "\\", "$'"), { minLength: 4, maxLength: 4 }),
    ).map(
      ([name, marks]) =>
        [
          name,
          name
            .split("")
            .map((letter, at) => {
              const mark = marks[at % 4] ?? "'";
              return mark === "\\" ? `\\${letter}` : `${mark}${letter}${mark === "$'" ? "'" : mark}`;
            })
            .join(""),
        ] as const,
    );
    assert(
      property(quoted, ([plain, written]) => {
        expect(shapeShellText(`${written} x`).verdict).toBe(shapeShellText(`${plain} x`).verdict);
      }),
    );
  });
});

describe("bounds", () => {
  test("never throws, whatever it is given", () => {
    const pieces = constantFrom(
      ..."$( ) ` ' \" { } [[ ]] (( )) ; & | && || < > << <<< <( >( \\ \n $x ${ } # ! * ? [ ] = if then fi for in do done while case esac function coproc time eval sh -c rm xargs find -exec awk sed sudo env A=1 {a,b} ${x:- $(( )) <<E E 2>&1 >& & \t git -c --x=y -- - ~ é 😀".split(
        " ",
      ),
      " ",
    );
    const texts = oneof(
      array(pieces, { maxLength: 25 }).map((items) => items.join(" ")),
      array(pieces, { maxLength: 25 }).map((items) => items.join("")),
      array(integer({ min: 0, max: 0x2fff }), { maxLength: 200 }).map((codes) => String.fromCharCode(...codes)),
    );
    assert(
      property(texts, (text) => {
        const shape = shapeShellText(text);
        expect(RISK_CLASSES).toContain(shape.verdict);
        expect(shape.verdict === "opaque").toBe(shape.opaque.length > 0);
      }),
      { numRuns: 150 },
    );
    assert(
      property(array(string(), { maxLength: 8 }), (argv) => {
        expect(RISK_CLASSES).toContain(shapeArgv(argv).verdict);
      }),
    );
  });

  test.each([
    ["a text that is too long", "echo ".padEnd(SHELL_BOUNDS.textMax + 1, "a"), "text_too_long"],
    ["substitutions nested too deep", `${"$(".repeat(60)}ls${")".repeat(60)}`, undefined],
    ["wrappers nested too deep", `${"env ".repeat(60)}ls`, "nested_too_deep"],
    ["brackets nested beyond the grammar", `${"(".repeat(400)}ls${")".repeat(400)}`, undefined],
    ["too many words", "ls\n".repeat(5_000), "too_many_words"],
    ["a brace expansion that explodes", `rm ${"{a,b}".repeat(40)}`, undefined],
    [
      "evals in evals",
      Array.from({ length: 12 }).reduce<string>((text) => `eval ${JSON.stringify(text)}`, "ls"),
      undefined,
    ],
  ])("ends in time with %s", (_what, text, reason) => {
    const { verdict, opaque } = shapeShellText(text);
    if (reason !== undefined) expect(opaque.map((item) => item.reason)).toContain(reason);
    expect(rank(verdict)).toBeGreaterThan(rank("read_only"));
  });
});
