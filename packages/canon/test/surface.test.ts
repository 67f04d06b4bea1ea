import * as canon from "@writ/canon";
import { expect, test } from "vitest";

test("the room's public names are these", () => {
  expect(Object.keys(canon).sort()).toEqual([
    "CANONICAL_DEPTH_MAX",
    "JSON_DEPTH_CEILING",
    "JsonFraction",
    "SHA256_BYTES",
    "WritError",
    "canonicalize",
    "compareCodeUnits",
    "formatInstant",
    "formatUuid",
    "fromBase64",
    "fromBase64Url",
    "fromHex",
    "hasEscapedName",
    "hmacSha256",
    "isUuidv7",
    "isWritError",
    "parseInstant",
    "parseJson",
    "parseJsonExact",
    "parseRfc3339",
    "parseUuid",
    "sha256",
    "sha256Hex",
    "sha256Into",
    "toBase64",
    "toBase64Url",
    "toHex",
    "uuidv7",
  ]);
});
