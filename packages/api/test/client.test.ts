import { describe, expect, test } from "vitest";
import { isWritError } from "@writ/canon";
import { createClient, failureOf, withQuery, type WireAnswer, type WireRequest } from "../src/client-entry.ts";

function answering(answer: Partial<WireAnswer>): {
  readonly sent: WireRequest[];
  readonly client: ReturnType<typeof createClient>;
} {
  const sent: WireRequest[] = [];
  const client = createClient({
    send: async (request) => {
      sent.push(request);
      return { status: 200, text: "{}", ...answer };
    },
  });
  return { sent, client };
}

describe("the client", () => {
  test("writes a query without what is undefined, and escapes the rest", async () => {
    const { sent, client } = answering({ text: '{"a":1}' });
    expect(await client.get("/x", { a: "b c&d", n: 0, no: false, none: undefined })).toEqual({ a: 1 });
    expect(sent).toEqual([{ method: "GET", path: "/x?a=b+c%26d&n=0&no=false" }]);
    expect(withQuery("/x", { none: undefined })).toBe("/x");
  });

  test("posts JSON, an empty object where nothing is given", async () => {
    const { sent, client } = answering({});
    await client.post("/x");
    await client.post("/x", { a: [1] });
    expect(sent.map(({ body }) => body)).toEqual(["{}", '{"a":[1]}']);
  });

  test("hands texts through as they are", async () => {
    expect(await answering({ text: "origin\n1\n" }).client.text("/checkpoint")).toBe("origin\n1\n");
  });

  test("throws the error it was at the other end, details included", async () => {
    const body = { error: "ACTION_SETTLED", message: "m", reason: "r", next: "n", details: { state: "expired" } };
    const { client } = answering({ status: 409, text: JSON.stringify(body) });
    const error = await client.get("/x").catch((caught: unknown) => caught);
    expect(isWritError(error, "ACTION_SETTLED")).toBe(true);
    expect(error).toMatchObject({ message: "m", reason: "r", next: "n", details: { state: "expired" } });
  });

  test.each([
    ["HTML", "<html>"],
    ["nothing", ""],
    ["other JSON", '{"detail":"Not Found"}'],
    ["a number", "5"],
    ["null", "null"],
    ["an error that is no code", '{"error":5,"message":"m"}'],
  ])("an answer of %s is told as another program's", (_name, text) => {
    expect(failureOf({ status: 500, text })).toMatchObject({ code: "ANSWER_INVALID" });
  });
});
