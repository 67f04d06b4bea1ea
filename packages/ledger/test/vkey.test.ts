import { fromHex, toBase64 } from "@writ/canon";
import { formatVkey, isKeyName, isSafePublicKey, parseVkey, verifierKey } from "@writ/ledger";
import { describe, expect, test } from "vitest";

import { codeOf } from "./signer-refusal.ts";

const EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const COSIGNER = "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN";

describe("verifier keys", () => {
  test.each([EXAMPLE, COSIGNER, "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"])(
    "%s goes to parts and back",
    (text) => {
      const key = parseVkey(text);
      expect(formatVkey(key)).toBe(text);
      expect(verifierKey(key.name, key.publicKey, key.type)).toEqual(key);
    },
  );

  test("the type is read from the first byte", () => {
    expect(parseVkey(EXAMPLE).type).toBe("note");
    expect(parseVkey(COSIGNER).type).toBe("cosignature");
  });

  test.each([
    ["nothing", ""],
    ["no id", "example.com/foo+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"],
    ["another id", EXAMPLE.replace("530d903a", "530d903b")],
    ["an id in upper case", EXAMPLE.replace("530d903a", "530D903A")],
    ["another name", EXAMPLE.replace("foo", "bar")],
    ["a name with a space", EXAMPLE.replace("/foo", " foo")],
    ["an empty name", EXAMPLE.replace("example.com/foo", "")],
    ["a key that is cut", EXAMPLE.slice(0, -4)],
    ["a key of an unknown type", EXAMPLE.replace("+Aek", "+Bek")],
    ["more behind it", `${EXAMPLE}+x`],
    ["a line break behind it", `${EXAMPLE}\n`],
    ["base64 with unused bits", EXAMPLE.replace(/k$/, "l=")],
  ])("refuses %s", (_name, text) => {
    expect(codeOf(() => parseVkey(text))).toBe("KEY_INVALID");
  });

  test.each(["a b", "a+b", "", "a\u00a0b", "a\u2003b", "a\u0085b", "a\nb", "a\u0001b", "\ud800", "x".repeat(1_025)])(
    "%j is no key name",
    (name) => {
      expect(isKeyName(name)).toBe(false);
    },
  );

  test.each(["PeterNeumann", "example.com/behind-the-sofa", "écrit/日本"])("%s is a key name", (name) => {
    expect(isKeyName(name)).toBe(true);
  });
});

describe("public keys the platform accepts and Writ refuses", () => {
  // Low order: y of the points whose eightfold is the neutral element, each with both signs.
  const lowOrder = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ];
  // y >= p = 2^255 - 19: a second spelling of a small y.
  const nonCanonical = [
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ];
  const bothSigns = (hex: string): Uint8Array[] => {
    const bytes = fromHex(hex);
    const negative = Uint8Array.from(bytes);
    negative[31] = (negative[31] ?? 0) | 0x80;
    return [bytes, negative];
  };

  test.each([...lowOrder, ...nonCanonical])("%s, with either sign", (hex) => {
    for (const bytes of bothSigns(hex)) {
      expect(isSafePublicKey(bytes)).toBe(false);
      expect(codeOf(() => verifierKey("a", bytes))).toBe("KEY_INVALID");
    }
  });

  test("the low-order points are those of order 1, 2, 4 and 8, by slow arithmetic", () => {
    for (const hex of lowOrder) expect(eightfoldIsNeutral(hex)).toBe(true);
  });

  test("a y that is on no point of the curve", () => {
    const off = new Uint8Array(32);
    off[0] = 2;
    expect(isSafePublicKey(off)).toBe(false);
  });

  test.each([0, 31, 33])("%i bytes", (length) => {
    expect(isSafePublicKey(new Uint8Array(length).fill(9))).toBe(false);
  });

  test("half of all y belong to a point", () => {
    const safe = Array.from({ length: 200 }, (_, index) => Uint8Array.of(...fromHex("58".repeat(31)), index % 100));
    const count = safe.filter(isSafePublicKey).length;
    expect(count).toBeGreaterThan(50);
    expect(count).toBeLessThan(150);
    expect(toBase64(Uint8Array.of(1))).toBe("AQ==");
  });
});

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** Doubling needs y alone: y' = (y² + x²) / (1 - d x² y² ...), with x² = (y² - 1) / (d y² + 1). */
function eightfoldIsNeutral(hex: string): boolean {
  let y = mod(BigInt(`0x${Buffer.from(fromHex(hex)).reverse().toString("hex")}`));
  for (let doubling = 0; doubling < 3; doubling++) {
    const y2 = mod(y * y);
    const x2 = mod((y2 - 1n) * inverse(mod(D * y2 + 1n)));
    y = mod((y2 + x2) * inverse(mod(1n - D * x2 * y2)));
  }
  return y === 1n;
}

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}

function inverse(value: bigint): bigint {
  let result = 1n;
  let square = value;
  for (let rest = P - 2n; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
