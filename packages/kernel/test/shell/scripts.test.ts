import { describe, expect, test } from "vitest";
import { shapeShellText } from "@writ/kernel/shell";
import { braceAlternatives } from "../../src/shell/brace.ts";
import { SHELL_BOUNDS } from "../../src/shell/bounds.ts";
import { awkEffects } from "../../src/shell/programs/awk-script.ts";
import { sedCommands } from "../../src/shell/programs/sed-script.ts";

const [runs, unread] = [{ kind: "executes", file: "" }, undefined];
const writes = (file: string) => ({ kind: "writes", file });
const reads = (file: string) => ({ kind: "reads", file });

describe("what a sed script does besides printing", () => {
  test.each<[string, readonly object[] | undefined]>([
    ["", []],
    ["p", []],
    ["# e\np", []],
    ["p # e", []],
    ["p; # x\n\n# y\ne", [runs]],
    ["1,3", []],
    ["1,/x/{p;d}", []],
    ["$!N; P; D", []],
    ["10q; 5Q3; l 20", []],
    [":a; N; ba; s/\\n/ /g", []],
    ["1a e\nw out", [writes("out")]],
    ["1i\\\ne\\\ne\ne", [runs]],
    ["y/abc/xyz/; e", [runs]],
    ["r one\nW two", [reads("one"), writes("two")]],
    ["w", [writes("")]],
    ["1!e ls", [runs]],
    ["s/a/b/gpe", [runs]],
    ["s|a\\|b|c|2w out", [writes("out")]],
    ["s/a/b/w out; e", [writes("out; e")]],
    ["\\,x,e", [runs]],
    ["{ e }", [runs]],
    ["s", unread],
    ["s\\a\\b\\", unread],
    ["s/a", unread],
    ["s/a/b", unread],
    ["s/a/b/Z", unread],
    ["y/a/b/e", unread],
    ["p p", unread],
    ["v", unread],
    ["F", unread],
  ])("%j", (script, commands) => {
    expect(sedCommands(script)).toEqual(commands);
  });
});

describe("what an awk program does besides printing", () => {
  const [unseen, sensitive] = [{ kind: "unseen" }, { kind: "sensitive" }];
  const shell = (text: string) => ({ kind: "shell", text });
  const written = (text: string) => ({ kind: "write", text });
  test.each<[string, readonly object[]]>([
    ["{ print $1 }", []],
    ["/a/ { n++ } END { print n }", []],
    ['# system("x")\n{ print }', []],
    ["$1 > 3 { print }", []],
    ["{ print ($1 > 3) }", []],
    ['{ print > "out" }', [written("out")]],
    ['{ printf "%s", $1 >> "out"; x = 1 > 0 }', [written("out")]],
    ["{ print > $1 }", [written("")]],
    ['{ print > "a" "b" }', [written("")]],
    ['BEGIN { system("ls") }', [shell("ls")]],
    ['BEGIN { system("ls " $1) }', [unseen]],
    ["BEGIN { system(x) }", [unseen]],
    ["BEGIN { system }", [unseen]],
    ['BEGIN { system("l\\x73") }', [unseen]],
    ['{ print | "sort" }', [shell("sort")]],
    ['{ "date" | getline }', [shell("date")]],
    ['{ x "date" | getline }', [unseen]],
    ['{ getline < "file" }', [sensitive]],
    ["{ print ENVIRON[1], ARGV[1], PROCINFO[1] }", [sensitive, sensitive, sensitive]],
    ['{ print |& "sort" }', [unseen]],
    ['@load "x"', [unseen]],
    ['BEGIN { extension("x") }', [unseen]],
    ['BEGIN { close("x") }', []],
    ["/system/ { print }", [unseen]],
    ['{ print "open', [unseen]],
    ["{ print `x` }", [unseen]],
    ["x\\y", [unseen]],
  ])("%j", (program, effects) => {
    expect(awkEffects(program)).toEqual(effects);
  });

  test("is not read when it has too many words", () => {
    expect(awkEffects("x ".repeat(4_000))).toEqual([]);
    expect(awkEffects("x ".repeat(4_100))).toEqual([unseen]);
  });
});

test.each<[string, readonly string[] | undefined]>([
  ["{a,b}", ["a", "b"]],
  ["{,b}", ["", "b"]],
  ["{1..3}", ["1", "2", "3"]],
  ["{2..-1}", ["2", "1", "0", "-1"]],
  ["{5..5}", ["5"]],
  ["{a..c}", undefined],
  ["{1..9..2}", undefined],
  ["{01..3}", undefined],
  ["{1..03}", undefined],
  ["{1234567..1234568}", undefined],
  ["{a}", undefined],
  ["a,b", undefined],
  ["{a,$b}", undefined],
])("%j stands for %j", (text, words) => {
  expect(braceAlternatives(text)).toEqual(words);
});

test("a range of braces is counted up to the bound and no further", () => {
  const most = SHELL_BOUNDS.braceWordsMax;
  expect(braceAlternatives(`{1..${String(most)}}`)).toHaveLength(most);
  expect(braceAlternatives(`{0..${String(most)}}`)).toBeUndefined();
});

test.each([
  ["dd if=a of=b", "destructive"],
  ["dd if=/dev/zero of=b", "destructive"],
  ["dd of=$1", "destructive"],
  ["dd if=/dev/sda", "sensitive_read"],
  ["dd if=$1", "sensitive_read"],
  ["dd if=/dev/urandom count=1", "read_only"],
  ["dd if=a bs=1M", "read_only"],
  ["dd odd=1", "destructive"],
])("%s is %s", (line, effect) => {
  const { commands } = shapeShellText(line);
  expect(commands.map((command) => command.effect)).toEqual([effect]);
});
