/** Pages load nothing from elsewhere, run no inline script and appear in nobody's frame; answers are kept by no cache. */
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  [
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  ],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "DENY"],
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Cache-Control", "no-store"],
];

/** Put on the connection's answer before the application sees the request, so that no path can forget them. */
export function setSecurityHeaders(outgoing: { setHeader(name: string, value: string): unknown }): void {
  for (const [name, value] of HEADERS) outgoing.setHeader(name, value);
}
