import { expect, test } from "vitest";
import { wrappedEffects } from "../src/command-line.ts";

const ALL = [
  "destructive",
  "execution",
  "external_access",
  "outbound",
  "privilege_escalation",
  "sensitive_data",
  "state_change",
];

test.each([
  [["ls", "-l"], []],
  [["rm", "-rf", "x"], []],
  [["sh", "-c", "ls"], []],
  [
    ["sh", "-c", "rm -rf x"],
    ["destructive", "state_change"],
  ],
  [["env", "A=1", "curl", "http://a.example"], ["external_access"]],
  [
    ["sudo", "id"],
    ["execution", "privilege_escalation"],
  ],
  [
    ["sh", "-c", "cat ~/.ssh/id_rsa > copy"],
    ["sensitive_data", "state_change"],
  ],
  [["sh", "-c", "eval $x"], ALL],
  [["bash", "script.sh", "|", "sh"], []],
  [["git", "-c", "core.pager=x", "log"], ALL],
])("%j adds the effects of what it starts: %j", (argv, effects) => {
  expect([...new Set(wrappedEffects(argv))].toSorted()).toEqual(effects);
});
