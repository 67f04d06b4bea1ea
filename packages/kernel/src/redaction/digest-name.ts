/** Whether a key says that its value is public though it looks random: a digest, a signature, a public key. */
export function isDigestName(name: string): boolean {
  return DIGEST_NAME.test(name);
}

const DIGEST_NAME =
  /(?:digest|hash|sha1|sha256|sha512|md5|checksum|integrity|fingerprint|signature|sig|root|tag|etag|nonce|commit|proof|public_?key|publicKey|trace_?id|traceId|span_?id)$/i;
