import { VerifyError } from "./errors.ts";

/** The two primitives everything here rests on. Node has them; a browser may be given any implementation. */
export interface CryptoPort {
  sha256(data: Uint8Array): Uint8Array;
  /** SHA-256 of `data` written to `out` from `offset` on; makes no object where the runtime allows that. */
  sha256Into(data: Uint8Array, out: Uint8Array, offset: number): void;
  /** SHA-256 of the UTF-8 of well-formed `text`, written like `sha256Into`. */
  sha256TextInto(text: string, out: Uint8Array, offset: number): void;
  sha256Stream(): { update(data: Uint8Array): void; digest(): Uint8Array };
  /** RFC 8032 Ed25519; refuses S >= L. */
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** FIPS 204 ML-DSA-44; absent where the runtime has none. */
  mlDsa44Verify?(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** ECDSA P-256 with SHA-256; `publicKey` is x || y, `signature` is r || s, 64 bytes each. */
  ecdsaP256Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

let current: CryptoPort | undefined;

/** Replaces the implementation, for runtimes that have no `node:crypto`. */
export function useCrypto(port: CryptoPort): void {
  current = port;
}

/** The implementation in use: the one given, else Node's own; `CRYPTO_MISSING` where there is neither. */
export function cryptoPort(): CryptoPort {
  current ??= nodeCrypto();
  return current;
}

export function sha256(data: Uint8Array): Uint8Array {
  return cryptoPort().sha256(data);
}

// The one place that knows `node:crypto`. It is asked for by name at first use, so that bundlers for browsers see no import.
function nodeCrypto(): CryptoPort {
  const runtime: { getBuiltinModule?: (name: string) => unknown } | undefined = Reflect.get(globalThis, "process");
  const found = runtime?.getBuiltinModule?.("node:crypto");
  if (!isNodeCrypto(found)) {
    throw new VerifyError({
      code: "CRYPTO_MISSING",
      message: "this runtime has no `node:crypto`",
      reason: "SHA-256 and Ed25519 come from the platform",
      next: "call `useCrypto` with an implementation before verifying",
    });
  }
  const { hash, createHash, createPublicKey, verify } = found;
  const write = Buffer.prototype.latin1Write;
  const knowsMlDsa = hasMlDsa(createPublicKey);
  return {
    ...(knowsMlDsa
      ? {
          mlDsa44Verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
            verify(null, message, mlDsaKey(createPublicKey, publicKey), signature),
        }
      : {}),
    sha256: (data) => new Uint8Array(hash("sha256", data, "buffer")),
    // Text of one character per byte is 2 to 3 times faster to get out of OpenSSL than a new buffer.
    sha256Into: (data, out, offset) => void write.call(out, hash("sha256", data, "binary"), offset, 32),
    sha256TextInto: (text, out, offset) => void write.call(out, hash("sha256", text, "binary"), offset, 32),
    sha256Stream: () => {
      const state = createHash("sha256");
      return { update: (data) => void state.update(data), digest: () => new Uint8Array(state.digest()) };
    },
    ed25519Verify: (publicKey, message, signature) => {
      const key = importKey(createPublicKey, { kty: "OKP", crv: "Ed25519", x: base64url(publicKey) });
      return key !== undefined && verify(null, message, key, signature);
    },
    ecdsaP256Verify: (publicKey, message, signature) => {
      const [x, y] = [base64url(publicKey.subarray(0, 32)), base64url(publicKey.subarray(32))];
      const key = importKey(createPublicKey, { kty: "EC", crv: "P-256", x, y });
      return key !== undefined && verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
    },
  };
}

type NodeCrypto = typeof import("node:crypto");

function isNodeCrypto(found: unknown): found is NodeCrypto {
  return typeof found === "object" && found !== null && "hash" in found && "createPublicKey" in found;
}

/** A key that OpenSSL will not take (a point off the curve) verifies nothing. */
function importKey(create: NodeCrypto["createPublicKey"], key: JsonWebKeyLike): ReturnType<typeof create> | undefined {
  try {
    return create({ key, format: "jwk" });
  } catch {
    return undefined;
  }
}

/** SubjectPublicKeyInfo of ML-DSA-44 up to the key itself. */
const ML_DSA_44_SPKI = [
  0x30, 0x82, 0x05, 0x32, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11, 0x03, 0x82,
  0x05, 0x21, 0x00,
];

function mlDsaKey(create: NodeCrypto["createPublicKey"], publicKey: Uint8Array): ReturnType<typeof create> {
  return create({ key: Buffer.from([...ML_DSA_44_SPKI, ...publicKey]), format: "der", type: "spki" });
}

function hasMlDsa(create: NodeCrypto["createPublicKey"]): boolean {
  try {
    return mlDsaKey(create, new Uint8Array(1312)).asymmetricKeyType === "ml-dsa-44";
  } catch {
    return false;
  }
}

type JsonWebKeyLike = { kty: string; crv: string; x: string; y?: string };

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
