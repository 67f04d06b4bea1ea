import { type ExactJson, JsonFraction } from "@writ/canon";
import { describe, expect, test } from "vitest";
import { redactSecrets, SECRET_MARK } from "@writ/kernel/security";

type List = readonly ExactJson[];
const unchanged = "unchanged";
const M = SECRET_MARK;

describe("in a list", () => {
  test.each<[string, List, List | typeof unchanged]>([
    ["a flag names the next item", ["--password", "x", "y"], ["--password", M, "y"]],
    ["a header names the next item", ["Authorization:", "x"], ["Authorization:", M]],
    ["a variable names the next item", ["DB_PASSWORD", "x", "y"], ["DB_PASSWORD", M, "y"]],
    ["a plain name of a pair", ["password", "x"], ["password", M]],
    ["a plain name among many is a word", ["the", "password", "please"], unchanged],
    ["an authorization among many", ["a", "authorization", "x"], ["a", "authorization", M]],
    ["a cookie among many", ["a", "cookie", "x"], ["a", "cookie", M]],
    ["a name in capitals among many", ["a", "TOKEN", "x"], ["a", "TOKEN", M]],
    ["a sentence names nothing", ["my password", "x"], unchanged],
    ["a number behind a flag", ["--pin", 1234], ["--pin", M]],
    ["a flag's flag", ["--password", true], unchanged],
    ["nothing behind a flag", ["x", "--password"], unchanged],
    ["a placeholder behind a flag", ["--password", "${PASSWORD}"], unchanged],
    ["a secret in its own item", ["--token=a b", "x"], [`--token=${M}`, "x"]],
    ["a header in its own item", ["X-Api-Key: x y"], [`X-Api-Key: ${M}`]],
    ["a count in its own item", ["--max_tokens=100"], unchanged],
    ["a PIN in its own item", ["--pin=1234"], [`--pin=${M}`]],
    ["a placeholder in its own item", ["--token=<redacted>"], unchanged],
    ["redis-cli's `-a`", ["/usr/bin/redis-cli", "-a", "x"], ["/usr/bin/redis-cli", "-a", M]],
    ["another program's `-a`", ["ls", "-a", "x"], unchanged],
    ["sshpass's `-p`", ["sshpass", "-p", "x"], ["sshpass", "-p", M]],
    ["another program's `-p`", [1, "mkdir", "-p", "x"], unchanged],
    ["unzip's `-P`", ["unzip", "-P", "x"], ["unzip", "-P", M]],
    ["ldapsearch's `-w`", ["ldapsearch", "-w", "x"], ["ldapsearch", "-w", M]],
    ["a user and a password", ["curl", "-u", "ada:x"], ["curl", "-u", `ada:${M}`]],
    ["a user alone", ["curl", "-u", "ada"], unchanged],
    ["a proxy's user and password", ["--proxy-user", "ada:x"], ["--proxy-user", `ada:${M}`]],
    ["a cookie given by `-b`", ["curl", "-b", "a=x"], ["curl", "-b", M]],
    ["a file of cookies given by `-b`", ["curl", "-b", "jar"], unchanged],
  ])("%s", (_, given, expected) => {
    expect(redactSecrets(given)).toEqual(expected === unchanged ? given : expected);
  });

  const [begin, end] = ["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"];
  test.each<[string, List, List]>([
    ["loses its lines and nothing else", ["a", begin, "MIIE", "vQ", end, "b"], ["a", M, M, M, M, "b"]],
    ["is found between other values", [begin, "MIIE", 7, end, 8], [M, M, 7, M, 8]],
    ["keeps what stands beside it", [`key: ${begin}`, "MIIE", `${end} # old`], [`key: ${M}`, M, `${M} # old`]],
    ["may be one item", ["a", `${begin}\nMIIE\n${end}\n`, "b"], ["a", `${M}\n`, "b"]],
    ["without its end is all that follows", ["a", begin, "MIIE", "vQ"], ["a", M, M, M]],
  ])("a private key by lines %s", (_, lines, redacted) => {
    expect(redactSecrets(lines)).toEqual(redacted);
    expect(redactSecrets(redactSecrets(lines))).toEqual(redacted);
  });

  test("a whole number of any size behind a flag is a secret, a fraction is none", () => {
    expect(redactSecrets(["--pin", 2n ** 80n])).toEqual(["--pin", M]);
    const fraction = new JsonFraction("0.5");
    expect(redactSecrets(["--pin", fraction])).toEqual(["--pin", fraction]);
  });
});
