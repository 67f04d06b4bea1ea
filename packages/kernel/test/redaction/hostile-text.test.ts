import { expect, test } from "vitest";
import { redactSecrets, redactSecretText } from "@writ/kernel/security";

// What makes a pattern with backtracking read a text again and again: a quadratic reader takes minutes for a megabyte.
const LENGTH = 1_000_000;
/** Far above what a linear reader takes, on a slow machine too. */
const MILLISECONDS_MAX = 60_000;

const PIECES: readonly string[] = [
  'a|=|:|://|a:|a=|&a=|-|a-|\\|\\"|%41|@|a@|://a:@|A1b2|0|a.|password=|password=\'|password=\\"|password=[|authorization:',
  '"Authorization: a" |password is |-u |--password |Bearer |<a |ghp_|eyJa.|$2a$|a:b@|{"a":|"+"|mysql -a |\u200b|[|\'\n',
  "password = x |curl -u a:|docker |a_|-- |ENV ",
]
  .flatMap((pieces) => pieces.split("|"))
  .concat("password: |\n  a\n");

test("hostile texts are read in linear time", { timeout: MILLISECONDS_MAX }, () => {
  for (const piece of PIECES) {
    const text = piece.repeat(LENGTH / 4 / PIECES.length / piece.length);
    expect(typeof redactSecretText(text)).toBe("string");
    expect(redactSecrets([text])).toHaveLength(1);
  }
});

test("a megabyte of separators too", { timeout: MILLISECONDS_MAX }, () => {
  expect(typeof redactSecretText("a:".repeat(LENGTH / 2))).toBe("string");
});

test(
  "a run too long to be read is replaced whole, and what stands beside it is read",
  { timeout: MILLISECONDS_MAX },
  () => {
    const run = "x".repeat(6 * 1024 * 1024);
    expect(redactSecretText(`a ${run}\npassword=hunter2hunter2 b`)).not.toMatch(/x{9}|hunter2/);
    expect(redactSecretText(`a ${run} b`)).toMatch(/^a \S{1,32} b$/);
  },
);
