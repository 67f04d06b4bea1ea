import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ROUTES, type Route } from "@writ/api";
import { logSize } from "./support/actions.ts";
import { openHouse, type House } from "./support/house.ts";
import { call, rawExchange, type Answer } from "./support/http.ts";

let house: House;
let size: number;
beforeAll(async () => {
  house = await openHouse();
  size = await logSize(house);
});
afterAll(() => house.close());

/** Whatever was sent: the server answers on, nothing was recorded, and nothing was a fault of the server. */
afterEach(async () => {
  expect(await logSize(house)).toBe(size);
  expect(house.logged.join("")).toBe("");
});

const ID = "01a1fdf9-4228-7313-aa08-77eaf079c5a6";
const pathOf = ({ path }: Route): string => path.replace("{id}", ID).replace("{index}", "0");
const known = ROUTES.filter(({ path }) => path.startsWith("/api/"));

function expectTyped(text: string, code: string): void {
  const { error, message, reason, next } = JSON.parse(text) as Record<string, unknown>;
  expect([error, typeof message, typeof reason, typeof next]).toEqual([code, "string", "string", "string"]);
}

function expectRefusal({ status, text }: Answer, expected: number, code: string): void {
  expect([status, text]).toEqual([expected, expect.stringContaining(code)]);
  expectTyped(text, code);
}

describe.each(known.filter(({ method }) => method === "post"))("a body for $path", (route) => {
  const post = (raw: string | Buffer, headers = {}): Promise<Answer> =>
    call(house, pathOf(route), { raw, headers, token: house.tokens.anna });

  test.each([
    ["an unknown key", '{"no_such_key":1}', "REQUEST_INVALID"],
    ["__proto__", '{"__proto__":{}}', "REQUEST_INVALID"],
    ["a list", "[]", "REQUEST_INVALID"],
    ["null", "null", "REQUEST_INVALID"],
    ["a duplicate key", '{"note":"a","note":"a"}', "JSON_DUPLICATE_KEY"],
    ["a duplicate key, escaped", '{"note":"a","\\u006eote":"a"}', "JSON_DUPLICATE_KEY"],
    ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "JSON_UTF8"],
    ["a byte order mark", "\ufeff{}", "JSON_SYNTAX"],
    ["a lone surrogate", '{"note":"\\ud800"}', "JSON_SURROGATE"],
    ["a number beyond doubles", '{"note":1e400}', "JSON_NUMBER"],
    ["10,000 lists deep", "[".repeat(10_000), "JSON_DEPTH"],
    ["spaces alone", " ", "JSON_SYNTAX"],
  ])("with %s is refused", async (_name, raw, code) => {
    expectRefusal(await post(raw), 422, code);
  });

  test("over 1 MiB, of another type or compressed is refused", async () => {
    expectRefusal(await post(`{"note":"${"x".repeat(1024 * 1024)}"}`), 413, "REQUEST_TOO_LARGE");
    expectRefusal(await post("{}", { "content-type": "text/plain" }), 415, "REQUEST_MEDIA_TYPE");
    expectRefusal(await post("{}", { "content-encoding": "gzip" }), 415, "REQUEST_MEDIA_TYPE");
  });
});

describe.each(known)("a query for $method $path", (route) => {
  const ask = (query: string): Promise<Answer> =>
    call(house, `${pathOf(route)}?${query}`, {
      token: house.tokens.anna,
      ...(route.method === "post" && { raw: "{}" }),
    });

  test("with an unknown key is refused, however it is written", async () => {
    for (const query of ["no_such_key=1", "no_such_key", "__proto__=1", "%6eo_such_key=1"])
      expectRefusal(await ask(query), 422, "REQUEST_INVALID");
  });
});

describe("a value in a query", () => {
  test.each([
    ["/api/actions", "run=%00"],
    ["/api/actions", "state=%00"],
    ["/api/actions", "after=%00"],
    ["/api/log", "run=%00"],
    ["/api/log", "kind=%00"],
    ["/api/log/export", "run=%00"],
    ["/api/actions", "run=%ff"],
    ["/api/actions", "run=%zz"],
    ["/api/actions", "run=%ED%A0%80"],
    ["/api/actions", "limit=5&l%69mit=6"],
  ])("%s?%s is refused", async (path, query) => {
    expectRefusal(await call(house, `${path}?${query}`, { token: house.tokens.anna }), 422, "REQUEST_INVALID");
  });
});

describe("below the application", () => {
  const handshake = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const version = "Sec-WebSocket-Version: 13\r\n";
  const cases = [
    ["no Host", "GET /health HTTP/1.1\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["no Host, as before 1.1", "GET /health HTTP/1.0\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["two Hosts", "GET /health HTTP/1.1\r\n{host}Host: evil.example\r\nConnection: close\r\n\r\n", 421, "HOST_REFUSED"],
    ["no HTTP", "\x16\x03\x01\x02\0\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["no path", "OPTIONS * HTTP/1.1\r\n{host}Connection: close\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["a NUL in a header", "GET /health HTTP/1.1\r\n{host}X: a\0b\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["a folded header", "GET /health HTTP/1.1\r\n{host}X: a\r\n b\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["bare line feeds", "GET /health HTTP/1.1\n{host}\n\n", 400, "REQUEST_MALFORMED"],
    [
      "a negative length",
      "POST /api/actions HTTP/1.1\r\n{host}{agent}Content-Length: -5\r\n\r\n{}",
      400,
      "REQUEST_MALFORMED",
    ],
    [
      "an unknown coding",
      "POST /api/actions HTTP/1.1\r\n{host}Transfer-Encoding: gzip\r\n\r\n",
      400,
      "REQUEST_MALFORMED",
    ],
    ["an expectation", "POST /health HTTP/1.1\r\n{host}Expect: magic\r\n\r\n", 400, "REQUEST_MALFORMED"],
    [
      "a head of 32 KiB",
      `GET /health HTTP/1.1\r\n{host}X: ${"x".repeat(32_768)}\r\n\r\n`,
      431,
      "REQUEST_HEAD_TOO_LARGE",
    ],
    ["two tokens", "GET /api/status HTTP/1.1\r\n{host}{agent}{agent}Connection: close\r\n\r\n", 401, "TOKEN_INVALID"],
    ["events without a token", `GET /ws HTTP/1.1\r\n{host}${handshake}${key}${version}\r\n`, 401, "TOKEN_MISSING"],
    [
      "events for another page",
      `GET /ws HTTP/1.1\r\n{host}{agent}Origin: null\r\n${handshake}${key}${version}\r\n`,
      403,
      "ORIGIN_REFUSED",
    ],
    ["events without a key", `GET /ws HTTP/1.1\r\n{host}{agent}${handshake}${version}\r\n`, 400, "REQUEST_MALFORMED"],
    ["events of an old kind", `GET /ws HTTP/1.1\r\n{host}{agent}${handshake}${key}\r\n`, 400, "REQUEST_MALFORMED"],
    ["events by POST", `POST /ws HTTP/1.1\r\n{host}{agent}${handshake}${key}${version}\r\n`, 400, "REQUEST_MALFORMED"],
    [
      "an upgrade that is not said to be one",
      `GET /ws HTTP/1.1\r\n{host}{agent}Upgrade: websocket\r\nConnection: close\r\n${key}${version}\r\n`,
      422,
      "REQUEST_INVALID",
    ],
  ] as const;

  test.each(cases)("%s is refused in the form of every refusal", async (_name, bytes, status, code) => {
    const answer = await exchange(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
    expectTyped(answer.slice(answer.indexOf("{")).replace(/\r\n.*$/s, ""), code);
  });

  test("a client that offers another protocol beside is served as if it had not", async () => {
    const answer = await exchange(
      "GET /health HTTP/1.1\r\n{host}Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("a client that goes within its body is no fault of the server, and nothing is recorded", async () => {
    const head =
      "POST /api/actions HTTP/1.1\r\n{host}{agent}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n";
    await new Promise<void>((resolve) => {
      const socket = connect(house.port, "127.0.0.1", () =>
        socket.write(filled(`${head}{"action":`), () => socket.destroy()),
      );
      socket.once("close", () => resolve());
    });
    const counted = 'writ_refusals_total{code="REQUEST_INCOMPLETE"} 1';
    await expect
      .poll(async () => (await call(house, "/metrics", { token: house.tokens.viewer })).text)
      .toContain(counted);
  });

  const filled = (bytes: string): string =>
    bytes
      .replaceAll("{host}", `Host: 127.0.0.1:${String(house.port)}\r\n`)
      .replaceAll("{agent}", `Authorization: Bearer ${house.tokens.agent}\r\n`);
  const exchange = (bytes: string): Promise<string> => rawExchange(house, filled(bytes));
});
