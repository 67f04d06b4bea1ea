import { assert, constantFrom, dictionary, integer, oneof, property, string, type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJsonExact, type ExactJson } from "@writ/canon";
import { redactionReceipt, sanitizePublicArtifact } from "@writ/kernel";
import { redactSecrets, redactSecretText } from "@writ/kernel/security";
import { exactJsonText } from "../../src/redaction/exact-json-text.ts";
import {
  BASE32,
  BASE36,
  BASE62,
  BASE64,
  HEX,
  PLACES,
  PRIVATE_KEYS,
  randomText,
  TOKENS,
  URL64,
} from "./planted-secrets.ts";

const PLANTED = [...TOKENS, ...PRIVATE_KEYS];
const PASSWORDS = ["hunter2", "Tr0ub4dor&3", "correct-horse", "p@ss/w0rd", "x#9!kQ", "letmein123"];

const ODD_PASSWORDS = [
  "p4ss,w0rd",
  "a b c9",
  "x;y1xx",
  "q=1rst",
  "it's1x",
  "sl/ash9",
  "co:lon9",
  "am&p9",
  "br{ace9",
  "br[ack9",
].concat(["hash#9", "per%cent9", "do$llar9", "at@sign9", "back\\slash9", `dquo"te9`, "<tag9>", "ünïcode9"]);

/** Ways in which programs write a name and its value. */
const WRITERS: readonly ((name: string, value: string) => ExactJson)[] = [
  (name, value) => ({ [name]: value }),
  (name, value) => ({ a: [{ [name]: [value] }] }),
  (name, value) => ({ text: JSON.stringify({ [name]: value }) }),
  (name, value) => ({ text: `${JSON.stringify({ [name]: value }, undefined, 2)}\nand more` }),
  (name, value) => ({ text: JSON.stringify({ inner: JSON.stringify({ [name]: value }) }) }),
  (name, value) => ({ log: `got ${JSON.stringify({ [name]: value, more: 1 })} end` }),
  (name, value) => ({ log: `got ${JSON.stringify(JSON.stringify({ [name]: value, more: 1 }))} end` }),
  (name, value) => ({ url: `https://a.test/?${name}=${encodeURIComponent(value)}&z=1` }),
  (name, value) => ({ text: `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}" x` }),
  (name, value) => ({ yaml: `a: 1\n${name}: ${value}\nb: 2` }),
  (name, value) => [[name, value]],
  (name, value) => ["login", `--${name}`, value],
  (name, value) => ["login", `--${name}=${value}`],
  (name, value) => ["-H", `${name}: ${value}`],
  (name, value) => ["-e", `${name}=${value}`],
  (name, value) => ({ name, value }),
];

/** Ways in which a record holds a text. */
const HOLDERS: readonly ((secret: string) => ExactJson)[] = [
  (secret) => secret,
  (secret) => `before ${secret} after`,
  (secret) => `a line\n${secret}\nanother line`,
  (secret) => ({ note: secret }),
  (secret) => ({ [secret]: 1 }),
  (secret) => ({ a: [{ b: [["x", secret]] }] }),
  (secret) => ["curl", "-H", `X-Thing: ${secret}`, "https://a.test"],
  (secret) => ["login", "--token", secret],
  (secret) => ({ headers: [{ name: "Authorization", value: `Bearer ${secret}` }] }),
  (secret) => ({ env: [{ key: "API_TOKEN", value: secret }] }),
  (secret) => ({ url: `https://a.test/x?q=1&thing=${encodeURIComponent(secret)}&z=2` }),
  (secret) => ({ body: JSON.stringify({ deep: { thing: secret } }) }),
  (secret) => ({ body: JSON.stringify(JSON.stringify({ thing: secret })) }),
  (secret) => ({ log: `sent ${JSON.stringify(JSON.stringify({ thing: secret }))} and more` }),
  (secret) => ({ script: `x="${secret}"; y='${secret}'; z=\`${secret}\`` }),
  (secret) => ({
    quoted: `'${secret.slice(0, 9)}''${secret.slice(9)}' "${secret.slice(0, 12)}" + "${secret.slice(12)}"`,
  }),
];

describe("redaction leaves no planted secret in any output", () => {
  test("there are at least 30 formats", () => {
    expect(TOKENS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(TOKENS.map(({ text }) => text)).size).toBe(TOKENS.length);
  });

  test.each(PLANTED)("of $issuer, in every place of a record", ({ text, core }) => {
    for (const hold of HOLDERS) {
      const redacted = redactSecrets(hold(text));
      expect(outputOf(redacted), exactJsonText(hold(text))).not.toContain(core);
    }
  });

  test("whatever stands around it", () => {
    assert(
      property(constantFrom(...PLANTED), string(), string(), neighbours(), ({ text, core }, before, after, around) => {
        const value: ExactJson = {
          ...around,
          [before]: [`${before} ${text} ${after}`, { [`${after} ${text}`]: text }],
        };
        expect(outputOf(redactSecrets(value))).not.toContain(core);
        expect(outputOf(sanitizePublicArtifact(value))).not.toContain(core);
        expect(redactSecretText(`${before} ${text} ${after}`)).not.toContain(core);
      }),
      { numRuns: 150 },
    );
  });

  test.each(PLACES)("of the password in %s", (place) => {
    for (const password of PASSWORDS.filter((one) => !/[#/@&]/.test(one) || /^[\w<"{ -]+[=:] ?["'`{]?%s/.test(place))) {
      const text = place.replace("%s", () => password);
      expect(redactSecretText(text), text).not.toContain(password);
      expect(outputOf(redactSecrets({ argv: ["sh", "-c", text] })), text).not.toContain(password);
    }
  });

  test("of a password with any character, as every writer of names and values writes it", () => {
    for (const write of WRITERS) {
      for (const password of ODD_PASSWORDS) {
        for (const name of ["password", "dbPassword", "API_KEY", "x-auth-token", "client_secret"]) {
          const output = outputOf(redactSecrets(write(name, password)));
          expect(output, exactJsonText(write(name, password))).not.toContain(password);
          expect(output, exactJsonText(write(name, password))).not.toContain(password.slice(-4));
        }
      }
    }
  });

  test.each([
    `password='hun''ter2' x`,
    `password = "hun" + "ter2";`,
    `PASSWORD="hun"'ter2'`,
    `password: 'hun' + "ter2"`,
  ])("of the parts of the password in %s", (text) => {
    expect(redactSecretText(text)).not.toMatch(/hun|ter2/);
  });

  test("of an unknown issuer, when it looks random", () => {
    const missed = [BASE62, BASE64, URL64, BASE36, BASE32].flatMap((alphabet) =>
      Array.from({ length: 200 }, (_, seed) => randomText(alphabet, 32 + (seed % 30), seed + 1)).filter((secret) =>
        redactSecretText(`value ${secret} end`).includes(secret),
      ),
    );
    expect(missed).toEqual([]);
    const hex = Array.from({ length: 100 }, (_, seed) => randomText(HEX, 32, seed + 1));
    expect(hex.filter((secret) => redactSecretText(`value ${secret} end`).includes(secret))).toEqual([]);
  });
});

describe("redaction", () => {
  test("once is enough", () => {
    assert(
      property(constantFrom(...PLANTED), constantFrom(...HOLDERS), constantFrom(...PLACES), ({ text }, hold, place) => {
        const once = redactSecrets([hold(text), place.replace("%s", () => "hunter2")]);
        expect(redactSecrets(once)).toEqual(once);
      }),
      { numRuns: 150 },
    );
  });

  test("reads any text and any record without a fault, and never makes JSON of what was none", () => {
    assert(
      property(oneof(string({ maxLength: 200 }), hostileText()), (text) => {
        expect(typeof redactSecretText(text)).toBe("string");
        const record = redactSecrets({ [text]: text, list: [text, "x", text] });
        expect(parseJsonExact(exactJsonText(record))).toEqual(record);
      }),
      { numRuns: 150 },
    );
  });

  test.each(HARMLESS())("leaves %j", (text) => {
    expect(redactSecretText(text)).toBe(text);
    expect(redactSecrets({ note: text, list: [text] })).toEqual({ note: text, list: [text] });
  });

  test("keeps every member when keys are secret, and finds a free name for each", () => {
    const keys = [...TOKENS.slice(0, 4).map(({ text }) => text), "<redacted> (2)"];
    const redacted = redactSecrets(Object.fromEntries(keys.map((key, index) => [key, index])));
    expect(redacted).toEqual({
      "<redacted>": 0,
      "<redacted> (2)": 1,
      "<redacted> (3)": 2,
      "<redacted> (4)": 3,
      "<redacted> (2) (2)": 4,
    });
  });

  test("says in its receipt that something was taken out", () => {
    const source = { argv: ["-H", `X-Key: ${TOKENS[3]?.text ?? ""}`] };
    const { status, summary } = redactionReceipt(source, sanitizePublicArtifact(source), "a");
    expect({ status, changed: summary.changed_paths_estimate }).toEqual({ status: "redacted", changed: 1 });
  });
});

function HARMLESS(): readonly string[] {
  return [
    "https://a.test/token?x=1:2",
    "a task-list: done",
    "mailto:a@b.test",
    "git@github.test:owner/repository.git",
    "https://example.test/@user/post-about-tokens",
    "sha256:7a03a386365a04f0f96bf5a6a872a66a040ec149e51b99cbb53e30f9793f1c74",
    "commit 417fb0c417fb0c417fb0c417fb0c417fb0c417fb",
    "01a1fdf9-4228-7313-aa08-77eaf079c5a6",
    "2026-11-21T14:10:13.123Z and 2026-01-01T00:00:00+00:00",
    "/usr/local/lib/python3.11/site-packages/some_module/file_name.py",
    "packages/kernel/test/redaction/secret-text.test.ts",
    "sclite-v0.5-govengine-integration-integrity",
    "schemas/artifact_chain_manifest.v0.2.schema.json",
    "getUserAccessTokenFromRequestContext",
    "max_tokens=100 is a number of tokens",
    "x86_64-unknown-linux-gnu",
    "password=${DB_PASSWORD}",
    "the token is unknown",
    "host:5432 and name:value@1.0",
    "policy-pack:production-mutation@v1",
    "evidence_claim_not_supported:receipt_status_below_requirement",
  ];
}

/** The output as it goes out, and with its strings' escapes and joints undone. */
function outputOf(value: ExactJson): string {
  const text = exactJsonText(value);
  const plain = text.replaceAll(/\\+n/g, "\n").replaceAll(/\\+(["/\\])/g, "$1");
  return [text, plain, plain.replaceAll(/["'`]( \+ ["'`])?/g, ""), plain.replaceAll("\n", "")].join("\n");
}

function neighbours(): Arbitrary<Record<string, string | number>> {
  return dictionary(string(), oneof(string(), integer()), { maxKeys: 3, noNullPrototype: true });
}

function hostileText(): Arbitrary<string> {
  const parts = constantFrom(
    "password",
    "=",
    ":",
    '"',
    "'",
    "\\",
    "://",
    "@",
    PRIVATE_KEYS[1]?.text.slice(0, 31) ?? "",
    "%41",
    "\n",
    "{",
    "[",
    "eyJ",
    "\u200b",
    "Bearer ",
    "--token ",
    "<a>",
  );
  return string({ unit: parts, maxLength: 40 });
}
