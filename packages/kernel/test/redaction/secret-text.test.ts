import { assert, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { redactSecretText } from "@writ/kernel/security";

const body = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
const kind = "PRIVATE";
const upper = "ABCDEFGHIJKLMNOP";
// Put together here, so that the file itself holds no token.
const secrets = [
  ...["ghp", "gho", "ghu", "ghs", "ghr", "github_pat"].map((prefix) => `${prefix}_${body}`),
  ...["glpat", "glptt", "gldt"].map((prefix) => `${prefix}-${body}`),
  ...["AKIA", "ASIA"].map((prefix) => prefix + upper),
  ...["AIza", "ya29.", "GOCSPX-"].map((prefix) => prefix + body),
  ...["xoxb", "xoxp", "xoxa", "xapp"].map((prefix) => `${prefix}-${body}`),
  ...["sk_live_", "sk_test_", "rk_live_", "whsec_"].map((prefix) => prefix + body),
  ...["sk-proj-", "sk-ant-api03-", "npm_", "pypi-", "hf_", "dop_v1_", "SG."].map((prefix) => prefix + body),
  `eyJ${body}.${body}.${body}`,
];

test("no planted token is left, whatever stands around it", () => {
  expect(secrets).toHaveLength(30);
  assert(
    property(constantFrom(...secrets), string(), string(), (secret, before, after) => {
      expect(redactSecretText(`${before} ${secret} ${after}`)).not.toContain(secret);
      expect(redactSecretText(JSON.stringify({ [before]: [`-H${secret}`, ` ${secret}`] }))).not.toContain(` ${secret}`);
    }),
    { numRuns: 500 },
  );
});

test.each([
  [`-----BEGIN RSA ${kind} KEY-----\n${body}\n-----END RSA ${kind} KEY-----`, body],
  [`postgres://user:${body}@db.test/x`, body],
  [`Cookie: session=${body}; b=c`, body],
  [`authorization: Token ${body}`, body],
  [`curl -H 'X-Api-Key: ${body}'`, body],
  [`Basic ${body}==`, body],
])("%j holds no secret afterwards", (text, secret) => {
  expect(redactSecretText(text)).not.toContain(secret);
});

test.each(["https://a.test/token?x=1:2", "a task-list: done", "mailto:a@b.test"])("%j stays as it is", (text) => {
  expect(redactSecretText(text)).toBe(text);
});

test.each([
  "PWD=/srv/app OLDPWD=/srv",
  "see auth:decision-1 and my-auth:decision-2",
  "token://vault/path",
  '"token": {"type": "bearer"}',
  "password: {",
  "max_tokens=100",
  "page?key=1&code=abcdef",
])("%j speaks of a secret and holds none", (text) => {
  expect(redactSecretText(text)).toBe(text);
});
