import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { describeWithVectors } from "@writ/testkit";
import { expect, test } from "vitest";

import { authorizeBatch } from "@writ/policy";

interface Expected {
  readonly name: string;
  readonly requests: readonly { readonly decision: string; readonly reason: string[]; readonly errors: string[] }[];
}

describeWithVectors("the official corpus", (folder) => {
  test.each([
    ["handwritten.jsonl", 74],
    ["corpus-300.jsonl", 2_400],
  ])("every request of %s is answered as the official implementations agree", async (file, count) => {
    const path = join(folder, "cedar", file);
    const cases = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
    const wanted = cases.flatMap((line) => {
      const { name, requests } = JSON.parse(line) as Expected;
      return requests.map(({ decision, reason, errors }, request) => ({
        name,
        request,
        decision,
        reason: reason.toSorted(),
        errors: errors.toSorted(),
      }));
    });
    const answers: unknown[] = [];
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const answer of authorizeBatch(lines)) answers.push(JSON.parse(answer));
    expect(answers).toEqual(wanted);
    expect(answers).toHaveLength(count);
    console.log(`${file}: ${answers.length} requests of ${cases.length} policy sets agree`);
  });
});
