import { describe, expect, test } from "vitest";
import { redactDocument } from "@writ/kernel/security";
import { randomText, BASE62 } from "./planted-secrets.ts";

const token = `ghp_${randomText(BASE62, 36, 7)}`;

describe("a document", () => {
  const table: readonly (readonly [string, string, string, ReturnType<typeof redactDocument>["form"]])[] = [
    ["of text", `use ${token}\ndone\n`, "use <redacted>\ndone\n", "text"],
    ["of JSON", `{"n":1.50,"token":"x"}`, `{"n":1.50,"token":"<redacted>"}`, "json"],
    ["of indented JSON", `{\n  "a": [],\n  "t": "${token}"\n}\n`, `{\n  "a": [],\n  "t": "<redacted>"\n}\n`, "json"],
    [
      "of JSON lines",
      `{"pwd":"x"}\n["--token","y"]\n`,
      `{"pwd":"<redacted>"}\n["--token","<redacted>"]\n`,
      "json_lines",
    ],
    ["of text and JSON", `start\n{"pwd":"x y"}\n`, `start\n{"pwd":"<redacted>"}\n`, "text"],
    [
      "with a large number",
      `{"n":123456789012345678901234567890,"pin":1234}`,
      `{"n":123456789012345678901234567890,"pin":"<redacted>"}`,
      "json",
    ],
    ["of one JSON text", JSON.stringify(token), `"<redacted>"`, "json"],
  ];
  test.each(table)("%s", (_, source, text, form) => {
    const redacted = redactDocument(source);
    expect(redacted).toMatchObject({ text, form, status: "redacted" });
    expect(redacted.marks).toBeGreaterThan(0);
    expect(redactDocument(text)).toMatchObject({ text, status: "unchanged", marks: 0 });
  });

  test.each(["", "plain\n", `{ "a" : [1.0,\r\n 2] }`, `{"a":1}\n{"b":2}\n`, "{not json"])(
    "%j stays byte for byte",
    (text) => {
      expect(redactDocument(text)).toMatchObject({ text, status: "unchanged", marks: 0 });
    },
  );
});
