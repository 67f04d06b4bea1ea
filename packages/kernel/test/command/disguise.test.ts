import { expect, test } from "vitest";
import { credentialUses, restrictedPattern } from "@writ/kernel/security";

test.each([
  ["curl", ["--outp", "x"], "--outp"],
  ["curl", ["-sSTfile"], "-sSTfile"],
  ["nikto", ["-h", "a.test", "-o", "x"], "-o"],
  ["nikto", ["-Form", "csv"], "-Form"],
  ["nikto", ["-h", "a.test", "-C", "all", "-ssl"], null],
  ["whatweb", ["--log-j=x"], "--log-j=x"],
  ["whatweb", ["--proxy=a"], "--proxy=a"],
  ["whatweb", ["-v", "--aggression", "1"], null],
  ["httpx", ["-s"], null],
  ["curl", ["--data", "a=b"], null],
  ["curl", ["--connect-timeout", "3"], null],
  ["curl", ["--data-binary @"], "--data-binary @"],
])("%s %j is restricted by %j", (tool, args, token) => {
  expect(restrictedPattern(tool, args)?.token ?? null).toBe(token);
});

const none = { header: false, cookie: false, basic: false };
test.each([
  ["curl", ["-H", "X: y"], none],
  ["curl", ["-H", "authorization: x"], { ...none, header: true }],
  ["curl", ["--oauth2-bearer", "x"], { ...none, header: true }],
  ["curl", ["-bsid=1"], { ...none, cookie: true }],
  ["curl", ["-sb", "sid=1"], { ...none, cookie: true }],
  ["curl", ["-uada:x"], { ...none, basic: true }],
  ["curl", ["--user=ada:x"], { ...none, basic: true }],
  ["curl", ["https://ada:x@a.test"], { ...none, basic: true }],
  ["httpx", ["-u", "https://a.test"], none],
  ["httpx", ["--auth=ada"], { ...none, basic: true }],
  ["httpx", ["-b", "x"], none],
])("%s %j carries %j", (tool, args, uses) => {
  expect(credentialUses(tool, args)).toEqual(uses);
});
