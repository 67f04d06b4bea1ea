import { expect, test } from "vitest";

import { holdsKnownSecret } from "../../src/redaction/known-secret.ts";

test.each([
  [`ghp_${"a1B2".repeat(9)}`, true],
  [`Bearer eyJhbGciOi.eyJzdWIi.${"x".repeat(20)}`, true],
  ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza", true],
  ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false],
  ["password=hunter2", false],
  ["0198f2c4-0000-7000-8000-000000000000", false],
])("a key or token is known by its form alone: %s", (text, known) => {
  expect(holdsKnownSecret(text)).toBe(known);
});
