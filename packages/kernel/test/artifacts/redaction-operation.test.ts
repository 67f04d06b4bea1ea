import { describe, expect, test } from "vitest";
import { parseJsonExact, type ExactJson } from "@writ/canon";
import { runConformance } from "../../src/compat/conformance.ts";

/** How the operation's answer compares with what the reference answers: `same`, `stricter` or the answer itself. */
function verdict(input: string, redacted: string, changed?: number): string {
  const receipt = changed === undefined ? {} : { receipt: { changed_paths_estimate: changed } };
  const expected: ExactJson = { redacted: parseJsonExact(redacted), ...receipt };
  const report = runConformance([{ id: "c", operation: "redaction.sanitize", input: parseJsonExact(input), expected }]);
  const result = report.results[0];
  return result?.actual ?? result?.verdict ?? "";
}

const O = "<omitted_for_public_demo>";
const R = "<redacted>";
const P = "<local_path_omitted>";

describe("redaction.sanitize answers as the reference", () => {
  const table: readonly (readonly [what: string, input: string, redacted: string, changed: number])[] = [
    [
      "keys in any case",
      `{"PassWord":"x","API_KEY":"y","ApiKey":"z"}`,
      `{"PassWord":"${R}","API_KEY":"${R}","ApiKey":"${R}"}`,
      3,
    ],
    [
      "every key of the list",
      `{"password_ref":"a","secret":"b","auth":"c","cookie":"d","cookies":["e"]}`,
      `{"password_ref":"${R}","secret":"${R}","auth":"${R}","cookie":"${R}","cookies":"${R}"}`,
      5,
    ],
    ["true is truthy", `{"token":true}`, `{"token":"${R}"}`, 1],
    [
      "nothing to hide",
      `{"token":null,"secret":"","auth":{},"cookies":[],"password":0,"api_key":false}`,
      `{"token":null,"secret":"","auth":{},"cookies":[],"password":0,"api_key":false}`,
      0,
    ],
    ["a fraction of zero", `{"token":0.0}`, `{"token":0.0}`, 0],
    ["output", `{"stdout":"x","StdErr":[1]}`, `{"stdout":"${O}","StdErr":"${O}"}`, 2],
    ["no output", `{"stdout":null,"stderr":[],"x":{"stdout":0}}`, `{"stdout":"","stderr":"","x":{"stdout":""}}`, 3],
    ["output that is empty already", `{"stdout":""}`, `{"stdout":""}`, 0],
    ["a name and a value", `{"name":"X","value":1,"more":"y"}`, `{"name":"X","value":"${R}","more":"y"}`, 1],
    [
      "a name and raw text, which gain a value",
      `{"name":"X","raw":"X: 1"}`,
      `{"name":"X","raw":"X: ${R}","value":"${R}"}`,
      2,
    ],
    [
      "output beside a name and a value",
      `{"name":"X","value":"v","stdout":"plain"}`,
      `{"name":"X","value":"${R}","stdout":"plain"}`,
      1,
    ],
    ["a name that is no text", `{"name":1,"value":"v"}`, `{"name":1,"value":"v"}`, 0],
    ["a name alone", `{"name":"X","other":"v"}`, `{"name":"X","other":"v"}`, 0],
    ["a home path", `["/home/me","x /home/me","/home/","/homes"]`, `["${P}","x /home/me","${P}","/homes"]`, 2],
    ["a home path before a header", `"/home/me/token: x"`, `"${P}"`, 1],
    [
      "a header by its word, whatever stands before the colon",
      `["my Token is: abc","X-API-KEY: a:b","no colon token"]`,
      `["my Token is: ${R}","X-API-KEY: ${R}","no colon token"]`,
      2,
    ],
    ["a word after the first colon", `"https://a.test/secret"`, `"https: ${R}"`, 1],
    ["a session", `["a session=1; b","session: 1"]`, `["${R}","session: 1"]`, 1],
    ["a header before a session", `"cookie: session=1"`, `"cookie: ${R}"`, 1],
    ["letters that are lower-cased to others", `"to\u212aen: x"`, `"to\u212aen: ${R}"`, 1],
    ["scalars", `[1,1.5,true,null,"x"]`, `[1,1.5,true,null,"x"]`, 0],
  ];
  test.each(table)("%s", (_, input, redacted, changed) => {
    expect(verdict(input, redacted, changed)).toBe("same");
  });
});

describe("redaction.sanitize is stricter where the reference leaves a secret", () => {
  const token = ["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_");
  const table: readonly (readonly [what: string, input: string])[] = [
    ["in an argument list", `{"argv":["login","--password","hunter2"]}`],
    ["in a header argument", `{"argv":["-H","X-Key: ${token}"]}`],
    ["in a key", `{"${token}":1}`],
    ["in a text", `{"note":"see ${token}"}`],
    ["in a member beside a name and a value", `{"name":"X","value":"v","token":"hunter2"}`],
    ["under a name outside the list", `{"client_secret":"hunter2"}`],
    ["in JSON in a text", `{"body":"{\\"dbPwd\\":\\"hunter2\\"}"}`],
  ];
  test.each(table)("%s", (_, input) => {
    expect(verdict(input, input)).toBe("stricter");
  });
});
