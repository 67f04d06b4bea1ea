import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, constantFrom, letrec, oneof, sample, tuple, type Arbitrary } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shapeShellText } from "@writ/kernel/shell";

/** The reading of a line compared with what a real Bash makes of it. */
const bash = ["/bin/bash", "/usr/bin/bash"].find((path) => spawnSync(path, ["-c", "exit 0"]).status === 0);

/** As many as Bash answers in a few seconds. */
const LINES = 600;
const SEED = 20_261_121;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-bash-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Runs the prelude, then each line in a subshell without programs or input; what each wrote to descriptor 3. A file
 * for each line, because what a process substitution starts may write after its line is over.
 */
function answers(prelude: string, lines: readonly string[]): readonly string[] {
  const file = (at: number): string => join(folder, `answer-${String(at)}`);
  for (const at of lines.keys()) writeFileSync(file(at), "");
  const program = lines.map((line, at) => `( eval ${quoted(line)} ) 3>>${file(at)} </dev/null >/dev/null 2>&1`);
  writeFileSync(join(folder, "program"), ["PATH=/none", prelude, ...program].join("\n"));
  // How Bash writes a character by its number depends on the language it was started in.
  const env = { LC_ALL: "C.UTF-8" };
  const options = { cwd: folder, env, timeout: 60_000, killSignal: "SIGKILL" } as const;
  const { signal, error } = spawnSync(bash ?? "", ["program"], options);
  expect({ signal, error }).toEqual({ signal: null, error: undefined });
  return lines.map((_, at) => readFileSync(file(at), "utf8"));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

describe.skipIf(bash === undefined)("compared with Bash", () => {
  test("words are what Bash hands to the program", () => {
    const piece = constantFrom(
      ..."a|Z|0|-|=|/|.|,|:|@|%|+|~a|'b c'|''|\"\"|\"d e\"|\"\\\\\"|\"\\\"\"|\"\\$\"|\"\\a\"|\"'\"|'\"'|\\\\|\\'|\\\"|\\$|\\;|\\#|\\ |a#|$'\\x41'|$'\\102'|$'\\n'|$'\\u0043'|$'\\''|$'a\\tb'|$'\\\\'|{a,b}|{1..3}|{c,'d e'}|{,x}|{a}|{}|{a,b|\\{|\\\n|\"\\\n\"|'\\\n'|é|😀".split(
        "|",
      ),
    );
    const word = array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
    const line = array(word, { minLength: 1, maxLength: 4 }).map((words) => `a ${words.join(" ")}`);
    const lines = sample(line, { numRuns: LINES, seed: SEED });
    const heard = answers(String.raw`a() { local word; for word; do printf '%s\037' "$word" >&3; done; }`, lines);
    let compared = 0;
    for (const [at, text] of lines.entries()) {
      const { commands, opaque } = shapeShellText(text);
      const argv = commands[0]?.argv ?? [];
      if (opaque.length > 0 || argv.includes(null)) continue;
      compared++;
      expect({ text, words: argv.slice(1) }).toEqual({ text, words: heard[at]?.split("\u001f").slice(0, -1) });
    }
    expect(compared).toBeGreaterThan(LINES / 2);
  });

  /** Whatever Bash ran is among the commands named, unless the line is opaque. */
  function expectNamed(lines: readonly string[], seenAtLeast: number): void {
    const names = Array.from({ length: 8 }, (_, at) => `c${String(at)}`);
    // Nothing runs more often than this; a line that loops ends itself.
    const functions = names.map((name) => `${name}() { echo ${name} >&3; ((++n < 20)) || exit; }`).join("\n");
    const ran = answers(`n=0\n${functions}`, lines);
    let seen = 0;
    for (const [at, text] of lines.entries()) {
      const { commands, opaque } = shapeShellText(text);
      if (opaque.length > 0) continue;
      seen++;
      const named = new Set(commands.map(({ argv }) => argv[0]));
      const unnamed = (ran[at]?.split("\n") ?? []).filter((name) => name !== "" && !named.has(name));
      expect({ text, unnamed }).toEqual({ text, unnamed: [] });
    }
    expect(seen).toBeGreaterThan(seenAtLeast);
  }

  test("every command that Bash runs is named: well-formed lines", () => {
    expectNamed(sample(programs(), { numRuns: LINES, seed: SEED }), LINES / 2);
  });

  test("every command that Bash runs is named: heaps of syntax", () => {
    const soup = constantFrom(
      ..."c0 c1 c2 c3 c4 c5 c6 c7 ; & && || | |& ( ) { } ! $( ) ` \" ' \\ \n # < > >> <<< <( 2>&1 <<E E if then else fi case in esac ;; x=1 a[0]= [[ ]] (( )) $(( )) ${x:- } {a,b} * ? ~ eval command builtin time".split(
        " ",
      ),
    );
    // Without `()` nothing is defined, so nothing calls itself.
    const line = tuple(array(soup, { minLength: 2, maxLength: 24 }), constantFrom(" ", ""))
      .map(([pieces, joint]) => pieces.join(joint))
      .filter((text) => !/\(\s*\)/.test(text));
    expectNamed(sample(line, { numRuns: LINES * 2, seed: SEED }), 0);
  });
});

/** Lines of every compound command, that end. */
function programs(): Arbitrary<string> {
  const { line } = letrec<{ command: string; line: string }>((tie) => {
    const inner = tie("command");
    const two = tuple(inner, inner);
    return {
      command: oneof(
        { depthSize: "small", withCrossShrink: true },
        constantFrom("c0", "c1 x", "c2 'a b'", "c3 >out", "x=1 c4", "c5 <<<y", "c6 2>&1", '"c7"', "c\\0", "$'c1'"),
        two.map(([left, right]) => `${left}; ${right}`),
        two.map(([left, right]) => `${left} && ${right}`),
        two.map(([left, right]) => `! ${left} || ${right}`),
        two.map(([left, right]) => `${left} | ${right}`),
        inner.map((text) => `( ${text} )`),
        inner.map((text) => `{ ${text}\n}`),
        inner.map((text) => `c0 "$( ${text} )"`),
        inner.map((text) => `x=$( ${text} )`),
        inner.map((text) => `c1 \${y:-$( ${text} )}`),
        inner.map((text) => `c2 $((1 + $( ${text}; ) 0))`),
        inner.map((text) => `c3 <( ${text} )`),
        inner.map((text) => `c4 <<E\n$( ${text} )\nE\n`),
        inner.map((text) => `eval ${quoted(text)}`),
        inner.map((text) => `[[ -n $( ${text} ) || a == b ]]`),
        two.map(([left, right]) => `if ${left}\nthen ${right}\nelse ${left}\nfi`),
        two.map(([left, right]) => `for i in 1 2; do ${left}\n${right}\ndone`),
        two.map(([left, right]) => `while ${left}\ndo ${right}\nbreak; done`),
        two.map(([left, right]) => `case a in b) ${left}\n;; *) ${right}\n;; esac`),
        two.map(([left, right]) => `f() {\n${left}\n}\nf; ${right}`),
        inner.map((text) => `for ((i = 0; i < 2; i++)); do ${text}\ndone`),
        inner.map((text) => `time ${text}`),
      ),
      line: inner,
    };
  });
  return line;
}
