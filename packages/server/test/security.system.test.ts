import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { logSize } from "./support/actions.ts";
import { openHouse, type House } from "./support/house.ts";
import { call, rawExchange, type Answer, type Call } from "./support/http.ts";

let house: House;
let size: number;
/** What became of a client that never ends its head: it takes ten seconds, in which the other tests are answered. */
let dribbling: Promise<string>;
beforeAll(async () => {
  house = await openHouse();
  size = await logSize(house);
  dribbling = rawExchange(house, `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${String(house.port)}\r\nX-Slow: `);
});
afterAll(() => house.close());

/** Whatever was asked: the server still answers, nothing was recorded, no token was told, nobody else was let in. */
afterEach(async () => {
  expect((await call(house, "/health")).status).toBe(200);
  const before = size;
  size = await logSize(house);
  expect(size).toBe(before);
  for (const token of Object.values(house.tokens)) expect(house.logged.join("")).not.toContain(token);
});

function expectRefusal(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(`"error":"${code}"`)]);
  expect(Object.keys(answer.json())).toEqual(expect.arrayContaining(["error", "message", "reason", "next"]));
  expectSafe(answer);
}

function expectSafe(answer: Answer): void {
  expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  for (const token of Object.values(house.tokens)) expect(answer.text).not.toContain(token);
}

const agent = (options: Call = {}): Call => ({ token: house.tokens.agent, ...options });
const propose = (raw: string | Buffer, options: Call = {}): Promise<Answer> =>
  call(house, "/api/actions", agent({ raw, ...options }));

describe("who is let in", () => {
  test.each([
    ["another host", { host: "evil.example" }],
    ["our name, another port", { host: "127.0.0.1:1" }],
    ["a host that begins like ours", { host: "127.0.0.1.evil.example" }],
    ["no port", { host: "localhost" }],
  ])("refuses %s with 421, with and without a token", async (_name, headers) => {
    for (const path of ["/", "/health", "/api/actions", "/ws", "/mcp", "/openapi.json"]) {
      expectRefusal(await call(house, path, { headers }), 421, "HOST_REFUSED");
      expectRefusal(await call(house, path, agent({ headers })), 421, "HOST_REFUSED");
    }
  });

  test.each(["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1"])(
    "refuses pages of %s with 403",
    async (origin) => {
      for (const path of ["/api/actions", "/mcp", "/health"]) {
        expectRefusal(await call(house, path, agent({ headers: { origin } })), 403, "ORIGIN_REFUSED");
      }
      const posted = await propose(JSON.stringify({ action: "read" }), { headers: { origin } });
      expectRefusal(posted, 403, "ORIGIN_REFUSED");
    },
  );

  test("lets no page ask for leave to call: a preflight gets no CORS header", async () => {
    const headers = { origin: house.address, "access-control-request-method": "POST" };
    const answer = await call(house, "/api/actions", { method: "OPTIONS", headers });
    expect(answer.status).toBe(401);
    expectSafe(answer);
  });

  const guarded = ["/api/actions", "/api/log", "/api/status", "/metrics", "/mcp", "/api/nowhere"];
  test.each([
    ["no token", {}],
    ["an unknown token", { authorization: `Bearer writ_operator_${"A".repeat(43)}` }],
    ["garbage", { authorization: "Bearer ../../etc/passwd" }],
    ["another scheme", { authorization: "Basic YW5uYTphbm5h" }],
    ["an empty one", { authorization: "Bearer " }],
    ["a very long one", { authorization: `Bearer ${"x".repeat(4096)}` }],
    ["a token in the query alone", {}],
  ])("refuses %s with 401", async (name, headers) => {
    const query = name.includes("query") ? `?token=${house.tokens.anna}` : "";
    for (const path of guarded) {
      const answer = await call(house, `${path}${query}`, { headers });
      expect(answer.status, path).toBe(401);
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="writ"');
      expectSafe(answer);
    }
  });

  test("takes the scheme's name in any case, as RFC 9110 says", async () => {
    for (const scheme of ["bearer", "BEARER", "Bearer "]) {
      const headers = { authorization: `${scheme} ${house.tokens.anna}` };
      expect((await call(house, "/api/status", { headers })).status, scheme).toBe(200);
    }
  });

  test("asks no token for the page, the health and the OpenAPI document alone", async () => {
    for (const path of ["/", "/inbox.js", "/inbox.css", "/health", "/openapi.json"]) {
      const answer = await call(house, path);
      expect(answer.status, path).toBe(200);
      expectSafe(answer);
    }
  });

  test.each(["/api/owner/step-down", "/api/policies/activate"])("lets nobody ask %s over TCP", async (path) => {
    expectRefusal(await call(house, path, { method: "POST", token: house.tokens.anna }), 403, "FORBIDDEN");
  });
});

describe("what is let in", () => {
  const statement = { action: "Read the quarterly summary" };
  const process = { argv: ["ls"], cwd: "/tmp" };

  test("refuses 10 MiB with 413, declared or chunked", async () => {
    const huge = JSON.stringify({ action: "x".repeat(10 * 1024 * 1024) });
    expectRefusal(await propose(huge), 413, "REQUEST_TOO_LARGE");
    expectRefusal(await propose(huge, { chunked: true }), 413, "REQUEST_TOO_LARGE");
  });

  test.each([
    ["10,000 arrays deep", `{"action":"x","args":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "JSON_DEPTH"],
    ["10,000 objects deep, never closed", '{"a":'.repeat(10_000), "JSON_DEPTH"],
    ["a duplicate key", '{"action":"read","action":"delete"}', "JSON_DUPLICATE_KEY"],
    ["a duplicate key, escaped", '{"action":"read","\\u0061ction":"delete"}', "JSON_DUPLICATE_KEY"],
    ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "JSON_UTF8"],
    ["a byte order mark", "\ufeff{}", "JSON_SYNTAX"],
    ["a lone surrogate", '{"action":"\\ud800"}', "JSON_SURROGATE"],
    ["NaN", '{"action":NaN}', "JSON_SYNTAX"],
    ["a number beyond doubles", '{"action":"x","args":1e999}', "JSON_NUMBER"],
    ["a comment", '{"action":"x"/* */}', "JSON_SYNTAX"],
    ["a trailing comma", '{"action":"x",}', "JSON_SYNTAX"],
    ["two values", '{"action":"x"}{}', "JSON_SYNTAX"],
    ["half a value", '{"action":', "JSON_SYNTAX"],
    ["a NUL byte", '{"action":"a\0b"}', "JSON_SYNTAX"],
    ["an array", "[]", "REQUEST_INVALID"],
    ["a string", '"x"', "REQUEST_INVALID"],
    ["null", "null", "REQUEST_INVALID"],
    ["nothing", "", "REQUEST_INVALID"],
  ])("refuses %s with 422", async (_name, raw, code) => {
    expectRefusal(await propose(raw), 422, code);
    expectRefusal(await propose(raw, { chunked: true }), 422, code);
  });

  test.each([
    ["an unknown key", { ...statement, sender: "operator" }],
    ["__proto__", JSON.parse('{"action":"x","__proto__":{"live":true}}') as object],
    ["a number for text", { action: 5 }],
    ["text for a list", { ...statement, effects: "outbound" }],
    ["an unknown effect", { ...statement, effects: ["magic"] }],
    ["an unknown kind", { ...statement, kind: "process.exec" }],
    ["empty text", { action: "" }],
    ["text over 64 KiB", { action: "x".repeat(64 * 1024 + 1) }],
    ["text over 64 KiB in bytes", { action: "€".repeat(22_000) }],
    ["a long tool", { ...statement, tool: "x".repeat(257) }],
    ["a long target", { ...statement, target: "x".repeat(4097) }],
    ["a long rationale", { ...statement, rationale: "x".repeat(64 * 1024 + 1) }],
    ["too much evidence", { ...statement, evidence: Array.from({ length: 65 }, () => "x") }],
    ["a fraction as number", { ...statement, amount: 12.5 }],
    ["no decimal", { ...statement, amount: "1e5" }],
    ["a long decimal", { ...statement, position: "9".repeat(31) }],
    ["an id that is no UUIDv7", { ...statement, id: "../../etc/passwd" }],
    ["an id in upper case", { ...statement, id: "01A1FDF9-4228-7313-AA08-77EAF079C5A6" }],
    ["a long run", { ...statement, run: "r".repeat(129) }],
    ["both forms", { ...statement, process }],
    ["no argv", { process: { cwd: "/tmp" } }],
    ["an empty argv", { process: { argv: [], cwd: "/tmp" } }],
    ["too many arguments", { process: { argv: Array.from({ length: 1025 }, () => "x"), cwd: "/tmp" } }],
    ["long arguments", { process: { argv: ["x".repeat(24 * 1024 + 1)], cwd: "/tmp" } }],
    ["long arguments together", { process: { argv: Array.from({ length: 30 }, () => "x".repeat(1024)), cwd: "/tmp" } }],
    ["a relative cwd", { process: { argv: ["ls"], cwd: "tmp" } }],
    ["a long cwd", { process: { argv: ["ls"], cwd: `/${"x".repeat(4096)}` } }],
    ["NUL in an argument", { process: { argv: ["ls", "a\0b"], cwd: "/tmp" } }],
    ["stdin of a negative size", { process: { ...process, stdin: { sha256: "0".repeat(64), bytes: -1 } } }],
    ["a digest that is none", { process: { ...process, stdin: { sha256: "0", bytes: 1 } } }],
    ["too many variables", { process: { ...process, environment: Array.from({ length: 257 }, (_, at) => `V${at}`) } }],
    ["too many write paths", { process, scope: { write: Array.from({ length: 65 }, (_, at) => `/tmp/${at}`) } }],
    ["an unknown network", { process, scope: { network: "all" } }],
    ["a time limit of zero", { process, limits: { time_ms: 0 } }],
    ["live as text", { process, live: "yes" }],
  ])("refuses a proposal with %s", async (_name, body) => {
    const answer = await propose(JSON.stringify(body));
    expect([answer.status, answer.text]).toEqual([422, expect.stringMatching(/REQUEST_INVALID|CONTRACT_INVALID/)]);
    expect(answer.json()).toMatchObject({ detail: [{ loc: expect.arrayContaining(["body"]) as unknown }] });
    expectSafe(answer);
  });

  test.each([
    ["text/plain", "text/plain"],
    ["a form", "application/x-www-form-urlencoded"],
    ["multipart", "multipart/form-data; boundary=x"],
    ["a JSON-like type", "application/jsonp"],
  ])("refuses %s with 415, as a page of another site could send it", async (_name, type) => {
    const answer = await propose(JSON.stringify(statement), { headers: { "content-type": type } });
    expectRefusal(answer, 415, "REQUEST_MEDIA_TYPE");
  });

  test.each([
    ["/api/nowhere", 404, "ROUTE_NOT_FOUND"],
    ["/api/actions/", 404, "ROUTE_NOT_FOUND"],
    ["/API/ACTIONS", 404, "ROUTE_NOT_FOUND"],
    ["/api/actions/x/confirm/more", 404, "ROUTE_NOT_FOUND"],
    ["/inbox.js/../../package.json", 404, "ROUTE_NOT_FOUND"],
    ["/%2e%2e/%2e%2e/etc/passwd", 404, "ROUTE_NOT_FOUND"],
    ["/..%2f..%2fetc%2fpasswd", 404, "ROUTE_NOT_FOUND"],
    ["/api/actions/..%2f..%2fetc%2fpasswd", 422, "REQUEST_INVALID"],
    ["/api/actions/%00", 422, "REQUEST_INVALID"],
    ["/api/actions/%zz", 422, "REQUEST_INVALID"],
    ["/api/actions/01a1fdf9-4228-7313-aa08-77eaf079c5a6", 404, "ACTION_NOT_FOUND"],
    ["/api/log/-1", 422, "REQUEST_INVALID"],
    ["/api/log/1e3", 422, "REQUEST_INVALID"],
    ["/api/log/999999", 404, "ENTRY_NOT_FOUND"],
    ["/api/log/9007199254740993", 422, "REQUEST_INVALID"],
    ["/api/log/proof/x", 422, "REQUEST_INVALID"],
    ["/api/log/export?run=", 422, "REQUEST_INVALID"],
    ["/api/log/export?closed=yes", 422, "REQUEST_INVALID"],
    ["/api/actions?limit=0", 422, "REQUEST_INVALID"],
    ["/api/actions?limit=501", 422, "REQUEST_INVALID"],
    ["/api/actions?limit=0x10", 422, "REQUEST_INVALID"],
    ["/api/actions?limit=", 422, "REQUEST_INVALID"],
    ["/api/actions?limit=5&limit=6", 422, "REQUEST_INVALID"],
    ["/api/actions?state=held&state=held", 422, "REQUEST_INVALID"],
    ["/api/actions?state=gone", 422, "REQUEST_INVALID"],
    ["/api/actions?after=x", 422, "REQUEST_INVALID"],
    ["/api/actions?tenant=other", 422, "REQUEST_INVALID"],
    ["/api/log?after=-2", 422, "REQUEST_INVALID"],
    ["/api/log?__proto__=1", 422, "REQUEST_INVALID"],
  ])("answers GET %s with %i %s", async (path, status, code) => {
    const answer = await call(house, path, { token: house.tokens.anna });
    expectRefusal(answer, status, code);
    expect(answer.text).not.toMatch(/\/work|\/home|node_modules|at \w+ \(/);
  });

  test.each([
    ["DELETE", "/api/actions", "POST, GET, HEAD"],
    ["PUT", "/api/governance", "GET, POST, HEAD"],
    ["GET", "/api/governance/check", "POST"],
    ["POST", "/api/log", "GET, HEAD"],
    ["PATCH", "/api/actions/01a1fdf9-4228-7313-aa08-77eaf079c5a6", "GET, HEAD"],
    ["POST", "/", "GET, HEAD"],
    ["POST", "/health", "GET, HEAD"],
    ["OPTIONS", "/api/actions", "POST, GET, HEAD"],
    ["DELETE", "/mcp", "POST"],
  ])("answers %s %s with 405 and says what it takes", async (method, path, allow) => {
    const answer = await call(house, path, { method, token: house.tokens.anna });
    expectRefusal(answer, 405, "METHOD_NOT_ALLOWED");
    expect(answer.headers["allow"]).toBe(allow);
  });

  test("answers a plain request to the WebSocket's path without fault", async () => {
    expectRefusal(await call(house, "/ws", agent()), 422, "REQUEST_INVALID");
  });
});

describe("the connection", () => {
  const host = (): string => `Host: 127.0.0.1:${String(house.port)}`;

  test.each([
    ["no Host", "GET /health HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 400/],
    ["two Hosts", "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n{close}\r\n\r\n", /^HTTP\/1\.1 4(00|21)/],
    ["no HTTP", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n", /^(HTTP\/1\.1 400|$)/],
    [
      "both lengths",
      "POST /api/actions HTTP/1.1\r\n{host}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      /^HTTP\/1\.1 400/,
    ],
    [
      "two lengths",
      "POST /api/actions HTTP/1.1\r\n{host}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
      /^HTTP\/1\.1 400/,
    ],
    [
      "a bad chunk",
      "POST /api/actions HTTP/1.1\r\n{host}\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
      /^HTTP\/1\.1 4\d\d/,
    ],
    ["a head of 32 KiB", `GET /health HTTP/1.1\r\n{host}\r\nX: ${"x".repeat(32 * 1024)}\r\n\r\n`, /^HTTP\/1\.1 431/],
    ["a backslash in the path", "GET /api\\..\\..\\etc HTTP/1.1\r\n{host}\r\n{close}\r\n\r\n", /^HTTP\/1\.1 4\d\d/],
    [
      "an absolute target of another host",
      "GET http://evil.example/health HTTP/1.1\r\n{host}\r\n{close}\r\n\r\n",
      /^HTTP\/1\.1 (4\d\d|200)/,
    ],
    ["a Host that is no name", "GET /health HTTP/1.1\r\nHost: a b/c\r\n{close}\r\n\r\n", /^HTTP\/1\.1 4\d\d/],
  ])("answers %s within bounds", async (_name, bytes, expected) => {
    const sent = bytes.replace("{host}", host()).replace("{close}", "Connection: close");
    expect(await rawExchange(house, sent)).toMatch(expected);
  });

  test("cuts a client that dribbles its head, while others are answered", async () => {
    expect((await call(house, "/health")).status).toBe(200);
    expect(await dribbling).toMatch(/^(HTTP\/1\.1 408|$)/);
  });
});

describe("trial mode", () => {
  let trial: House;
  beforeAll(async () => {
    trial = await openHouse({ trial: true });
  });
  afterAll(() => trial.close());

  test("asks no token, says so, and records it; a wrong token is still refused", async () => {
    expect((await call(trial, "/health")).json()).toMatchObject({ trial: true });
    expect((await call(house, "/health")).json()).toMatchObject({ trial: false });
    const proposed = await call(trial, "/api/actions", { body: { action: "Read the quarterly summary" } });
    expect(proposed.status).toBe(200);
    expect(proposed.json()).toMatchObject({ trial: true, decision: "allow" });
    expect((await call(trial, "/api/status", { token: `writ_operator_${"A".repeat(43)}` })).status).toBe(401);
    expectRefusal(await call(trial, "/api/status", { headers: { host: "evil.example" } }), 421, "HOST_REFUSED");
  });
});
