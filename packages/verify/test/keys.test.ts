import { createHash, generateKeyPairSync, sign } from "node:crypto";

import { expect, test } from "vitest";

import { openNote, parsePolicy, parseVerifierKey, trustCheckpoint } from "../src/index.ts";
import { checkpointText, naiveRoot } from "./support/log-maker.ts";
import { log, witness } from "./support/sample.ts";

const vkeyOf = (name: string, type: number, raw: Uint8Array): string => {
  const material = Buffer.concat([Buffer.of(type), raw]);
  const id = createHash("sha256").update(`${name}\n`).update(material).digest("hex").slice(0, 8);
  return `${name}+${id}+${material.toString("base64")}`;
};
const point = (hex: string): Buffer => Buffer.from(hex, "hex");

test.each([
  ["the neutral point", `01${"00".repeat(31)}`],
  ["the neutral point with the sign bit", `01${"00".repeat(30)}80`],
  ["zero", "00".repeat(32)],
  ["the point of order two", `ec${"ff".repeat(30)}7f`],
  ["a point of order eight", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
  ["the other point of order eight", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"],
  ["its mirror", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"],
  ["p itself", `ed${"ff".repeat(30)}7f`],
  ["p plus one", `ee${"ff".repeat(30)}7f`],
  ["all ones", "ff".repeat(32)],
])("refuses the public key that is %s", (_name, hex) => {
  for (const type of [1, 4]) {
    expect(() => parseVerifierKey(vkeyOf("a.example", type, point(hex)))).toThrow(
      expect.objectContaining({ code: "KEY_WEAK" }),
    );
  }
});

test.each([
  ["an id of another key", log.vkey.replace(/\+[0-9a-f]{8}\+/, "+00000000+"), "KEY_ID"],
  ["an unknown type", vkeyOf("a.example", 2, Buffer.alloc(32, 3)), "KEY_UNSUPPORTED"],
  ["a key too short", vkeyOf("a.example", 1, Buffer.alloc(31, 3)), "KEY_SYNTAX"],
  ["a name with a space", vkeyOf("a b", 1, log.raw), "KEY_SYNTAX"],
  ["no name", vkeyOf("", 1, log.raw), "KEY_SYNTAX"],
])("refuses a verifier key with %s", (_name, text, code) => {
  expect(() => parseVerifierKey(text)).toThrow(expect.objectContaining({ code }));
});

test.each([
  ["no quorum", `log ${log.vkey}\n`],
  ["two quorums", `log ${log.vkey}\nquorum none\nquorum none\n`],
  ["a witness twice", `witness a ${witness.vkey}\nwitness b ${witness.vkey}\nquorum a\n`],
  ["a log twice", `log ${log.vkey}\nlog ${log.vkey}\nquorum none\n`],
  ["a name twice", `witness a ${witness.vkey}\ngroup a any a\nquorum a\n`],
  ["a member twice", `witness a ${witness.vkey}\ngroup g any a a\nquorum g\n`],
  ["a member of two groups", `witness a ${witness.vkey}\ngroup g any a\ngroup h any a\nquorum h\n`],
  ["a group of nobody", "group g any\nquorum g\n"],
  ["a group before its member", `group g any a\nwitness a ${witness.vkey}\nquorum g\n`],
  ["none as a member", "group g any none\nquorum g\n"],
  ["none as a name", `witness none ${witness.vkey}\nquorum none\n`],
  ["a threshold of zero", `witness a ${witness.vkey}\ngroup g 0 a\nquorum g\n`],
  ["a threshold over its members", `witness a ${witness.vkey}\ngroup g 2 a\nquorum g\n`],
  ["a log's key as witness", `witness a ${log.vkey}\nquorum a\n`],
  ["an unknown word", "trust me\n"],
  ["a carriage return", `log ${log.vkey}\r\nquorum none\n`],
  ["nothing", "# only this\n"],
])("refuses a policy with %s", (_name, text) => {
  expect(() => parsePolicy(text)).toThrow(expect.objectContaining({ name: "VerifyError" }));
});

test("an ML-DSA-44 cosignature counts as a witness, and only over what it signed", (context) => {
  let pair: { publicKey: import("node:crypto").KeyObject; privateKey: import("node:crypto").KeyObject };
  try {
    pair = generateKeyPairSync("ml-dsa-44");
  } catch {
    return context.skip("this runtime has no ML-DSA-44");
  }
  const raw = pair.publicKey.export({ format: "der", type: "spki" }).subarray(-1312);
  const vkey = vkeyOf("pq.example", 6, raw);
  const root = naiveRoot([Buffer.alloc(32, 1)]);
  const text = checkpointText(log.name, 9, root);
  const uint64 = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return bytes;
  };
  const short = (value: string): Buffer => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
  const message = Buffer.concat([
    Buffer.from("subtree/v1\n\0"),
    short("pq.example"),
    uint64(1_800_000_000),
    short(log.name),
    uint64(0),
    uint64(9),
    root,
  ]);
  const signature = Buffer.concat([
    Buffer.from(vkey.split("+")[1] ?? "", "hex"),
    uint64(1_800_000_000),
    sign(null, message, pair.privateKey),
  ]);
  const note = `${text}\n${log.line(text)}— pq.example ${signature.toString("base64")}\n`;
  const policy = parsePolicy(`log ${log.vkey}\nwitness pq ${vkey}\nquorum pq\n`);
  expect(trustCheckpoint(note, policy)).toMatchObject({
    ok: true,
    cosignatures: [{ name: "pq.example", time: 1_800_000_000 }],
  });
  const other = note.replace("\n9\n", "\n8\n");
  expect(openNote(other, [parseVerifierKey(vkey)])).toMatchObject({ ok: false, code: "SIGNATURE_BAD" });
});
