import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { formatUuid, uuidv7 } from "@writ/canon";
import { randomBytes } from "node:crypto";
import { act, govern, logSize, propose, succeeded, type Action } from "./support/actions.ts";
import { openHouse, type House } from "./support/house.ts";
import { call } from "./support/http.ts";
import { testWithSandbox } from "./support/sandbox.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(() => govern(house, { mode: "High Security", posture: "DEFENSE", role: "Primary" }));

const transfer = { action: "Transfer 50 SOL to marketing wallet." };
const newId = (): string => formatUuid(uuidv7(Date.now(), randomBytes(10)));

describe("the well-known story", () => {
  test("A-01, A-02: held with both rules, confirmed, completed once, with one digest all along", async () => {
    const held = await propose(house, transfer);
    expect(held).toMatchObject({ permitted: false, decision: "hold", state: "held" });
    const rules = held["rules"] as { kind: string; vote: string }[];
    expect(new Set(rules.filter(({ vote }) => vote === "hold").map(({ kind }) => kind))).toEqual(
      new Set(["D-6", "D-7"]),
    );

    const early = await act(house, held.id, "complete", { outcome: "done" }, house.tokens.agent);
    expect(early.status).toBe(409);
    const confirmed = await act(house, held.id, "confirm", { digest: held.digest, note: "go" }, house.tokens.anna);
    expect(confirmed.json()).toMatchObject({ state: "released", digest: held.digest });
    const again = await act(house, held.id, "confirm", {}, house.tokens.bert);
    expect([again.status, again.json()["error"]]).toEqual([409, "ACTION_ALREADY_ANSWERED"]);
    const done = await act(house, held.id, "complete", { outcome: "done", detail: "sent" }, house.tokens.agent);
    expect(done.json()).toMatchObject({ state: "executed", digest: held.digest, claim: { outcome: "done" } });
    const twice = await act(house, held.id, "complete", { outcome: "failed" }, house.tokens.agent);
    expect(twice.status).toBe(409);
  });

  test("A-03: a confirmation is for one digest", async () => {
    const held = await propose(house, transfer);
    const other = await propose(house, { action: "Transfer 51 SOL to marketing wallet." });
    const answer = await act(house, held.id, "confirm", { digest: other.digest }, house.tokens.anna);
    expect([answer.status, answer.json()["error"]]).toEqual([409, "ACTION_DIGEST_MISMATCH"]);
    expect((await call(house, `/api/actions/${held.id}`, { token: house.tokens.agent })).json()["state"]).toBe("held");
  });

  test.each([
    ["A-04", { mode: "High Security", posture: "SCOUT" }, "transfer 1 SOL", "deny"],
    ["A-05", { mode: "None", posture: "OFFENSE" }, "delete the database", "allow"],
    ["A-06", { mode: "None", posture: "SCOUT" }, "Read the quarterly summary", "allow"],
    ["A-07", { mode: "High Security", posture: "OFFENSE" }, "delete the database", "hold"],
    ["A-08", { mode: "None", posture: "SCOUT" }, "rm -rf /", "deny"],
    ["A-08", { mode: "None", posture: "SCOUT" }, "withdraw 10 ETH", "deny"],
    ["A-09", { mode: "None", posture: "SCOUT" }, "display payload in the runtime posture panel", "allow"],
    ["A-12", { mode: "high security", posture: "OFFENSE" }, "withdraw 10 ETH", "hold"],
    ["A-14", { mode: "None", posture: "scout" }, "delete the database", "deny"],
  ])("%s: under %o `%s` is %s", async (_case, governance, action, decision) => {
    await govern(house, governance);
    const size = await logSize(house);
    const checked = await call(house, "/api/governance/check", { body: { action }, token: house.tokens.agent });
    expect(checked.json()).toMatchObject({ decision, permitted: decision === "allow" });
    expect(await logSize(house)).toBe(size + 1);
    expect(await propose(house, { action })).toMatchObject({ decision });
  });

  test("A-13: unknown words of governance are 422, with field and value, and change nothing", async () => {
    const before = await call(house, "/api/governance", { token: house.tokens.viewer });
    const size = await logSize(house);
    for (const [field, value] of Object.entries({ mode: "High Securty", posture: "YOLO", role: "Boss" })) {
      const answer = await call(house, "/api/governance", { body: { [field]: value }, token: house.tokens.anna });
      expect([answer.status, answer.json()]).toEqual([
        422,
        expect.objectContaining({ error: "GOVERNANCE_INVALID", details: { field, value } }),
      ]);
    }
    for (const body of [{}, { nonsense: "x" }, { narrative_strength: 2 }, { mode: 5 }, { goal: "x".repeat(257) }]) {
      const answer = await call(house, "/api/governance", { body, token: house.tokens.anna });
      expect(answer.status, JSON.stringify(body)).toBe(422);
    }
    expect((await call(house, "/api/governance", { token: house.tokens.viewer })).text).toBe(before.text);
    expect(await logSize(house)).toBe(size);
  });
});

describe("proposing", () => {
  test("is idempotent by id, also for twenty at once; another digest under the id is refused", async () => {
    const body = { ...transfer, id: newId() };
    const size = await logSize(house);
    const answers = await Promise.all(Array.from({ length: 20 }, () => propose(house, body)));
    expect(new Set(answers.map(({ digest, index }) => `${digest} ${String(index)}`)).size).toBe(1);
    expect(await logSize(house)).toBe(size + 2);
    const changed = await call(house, "/api/actions", {
      body: { ...body, action: "Transfer 51 SOL to marketing wallet." },
      token: house.tokens.agent,
    });
    expect([changed.status, changed.json()["error"]]).toEqual([409, "ACTION_DIGEST_MISMATCH"]);
    const stranger = await call(house, "/api/actions", { body, token: house.tokens.other });
    expect([stranger.status, stranger.json()["error"]]).toEqual([404, "ACTION_NOT_FOUND"]);
  });

  test("takes commands and words, and shows them exactly", async () => {
    await govern(house, { mode: "None", posture: "OFFENSE" });
    const argv = ["printf", "%s", "a  b", "c\n\u2028\u0085", "\u202eevil"];
    const command = await propose(house, { process: { argv, cwd: house.workspace }, scope: { network: "none" } });
    expect(command).toMatchObject({ decision: "allow", contract: { shape: { kind: "process", argv } } });
    const said = { action: "Say hello", tool: "speaker", args: { volume: [1, null, "\u0001"] }, target: "the room" };
    const spoken = await propose(house, said);
    expect(spoken).toMatchObject({
      contract: { shape: { kind: "statement", text: "Say hello", tool: "speaker", target: "the room" } },
    });
  });

  test("amounts above a tenth of the position take two operators; proposer and agents are neither", async () => {
    const held = await propose(house, { ...transfer, amount: "11", position: 100 });
    expect(held.hold).toMatchObject({ approvals_required: 2 });
    const byAgent = await act(house, held.id, "confirm", {}, house.tokens.agent);
    expect([byAgent.status, byAgent.json()["error"]]).toEqual([403, "FORBIDDEN"]);
    const byViewer = await act(house, held.id, "confirm", {}, house.tokens.viewer);
    expect(byViewer.status).toBe(403);
    const first = await act(house, held.id, "confirm", {}, house.tokens.anna);
    expect(first.json()).toMatchObject({ state: "held", hold: { approvals_given: [{ approver: { id: "anna" } }] } });
    const repeated = await act(house, held.id, "confirm", {}, house.tokens.anna);
    expect([repeated.status, repeated.json()["error"]]).toEqual([409, "APPROVER_REPEATED"]);
    const second = await act(house, held.id, "confirm", {}, house.tokens.bert);
    expect(second.json()).toMatchObject({ state: "released" });
    const small = await propose(house, { ...transfer, amount: "10", position: "100" });
    expect(small.hold).toMatchObject({ approvals_required: 1 });
  });

  test("A-41: any text comes back as it went in", async () => {
    const text = "read a\u2028b\u2029c\u0085d \u202e\u{1f600} \ufffd";
    const { id } = await propose(house, { action: text, rationale: text, evidence: [text] });
    const after = await call(house, `/api/actions/${id}`, { token: house.tokens.agent });
    expect(after.json()).toMatchObject({ contract: { shape: { text, rationale: text, evidence: [text] } } });
  });

  test("ten answers at once are one answer", async () => {
    const { id } = await propose(house, transfer);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        act(house, id, at % 3 === 0 ? "reject" : "confirm", {}, at % 2 === 0 ? house.tokens.anna : house.tokens.bert),
      ),
    );
    expect(answers.map(({ status }) => status).sort((left, right) => left - right)).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    const held = await call(house, `/api/log?run=${id}&limit=500`, { token: house.tokens.anna });
    const kinds = (held.json()["entries"] as { entry: { kind: string } }[]).map(({ entry }) => entry.kind);
    expect(kinds.filter((kind) => /^approval\.(given|refused)$/.test(kind))).toHaveLength(1);
  });

  test("an operator cannot answer what its own token proposed, and a rejection ends it", async () => {
    const own = await propose(house, transfer, house.tokens.anna);
    for (const verb of ["confirm", "reject"]) {
      const answer = await act(house, own.id, verb, {}, house.tokens.anna);
      expect([answer.status, answer.json()["error"]]).toEqual([403, "APPROVER_IS_PROPOSER"]);
    }
    const rejected = await act(house, own.id, "reject", { note: "no" }, house.tokens.bert);
    expect(rejected.json()).toMatchObject({ state: "rejected" });
    const late = await act(house, own.id, "confirm", {}, house.tokens.bert);
    expect([late.status, late.json()["error"]]).toEqual([409, "ACTION_ALREADY_ANSWERED"]);
  });
});

describe("reading", () => {
  test("pages without gaps or repetitions while new actions arrive", async () => {
    await govern(house, { mode: "None", posture: "OFFENSE" });
    const run = `paging-${newId()}`;
    const made: string[] = [];
    for (let at = 0; at < 25; at++) made.push((await propose(house, { action: `note ${String(at)}`, run })).id);
    const seen: string[] = [];
    let after = "";
    do {
      const page = await call(house, `/api/actions?run=${run}&limit=4${after}`, { token: house.tokens.viewer });
      const { actions, next } = succeeded(page) as { actions: Action[]; next: string | null };
      seen.push(...actions.map(({ id }) => id));
      after = next === null ? "" : `&after=${next}`;
      await propose(house, { action: `note after ${String(seen.length)}`, run });
    } while (after !== "");
    expect(seen).toEqual(made.toReversed());
  });

  test("an agent sees its own actions alone", async () => {
    const { id } = await propose(house, transfer);
    const get = (token: string) => call(house, `/api/actions/${id}`, { token });
    expect((await get(house.tokens.agent)).status).toBe(200);
    expect((await get(house.tokens.viewer)).status).toBe(200);
    expect((await get(house.tokens.other)).status).toBe(404);
    const list = await call(house, "/api/actions?limit=500", { token: house.tokens.other });
    expect(list.text).not.toContain(id);
  });

  test("a long poll is released by the answer, and ends by itself when its time is over", async () => {
    const { id } = await propose(house, transfer);
    const short = await call(house, `/api/actions/${id}?wait=answered&timeout_ms=50`, { token: house.tokens.agent });
    expect(short.json()).toMatchObject({ state: "held" });
    const other = await propose(house, transfer);
    const [unanswered, waiting] = [other.id, id].map((one) =>
      call(house, `/api/actions/${one}?wait=answered&timeout_ms=30000`, { token: house.tokens.agent }),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await act(house, id, "confirm", {}, house.tokens.anna);
    const first = await Promise.race([waiting, unanswered]);
    expect(first?.json()).toMatchObject({ id, state: "released" });
    await act(house, other.id, "reject", {}, house.tokens.anna);
    await unanswered;
  });

  test("the log in pages, one entry with its content, its proof, the head and a bundle", async () => {
    const { id, index } = await propose(house, transfer);
    const token = house.tokens.viewer;
    const page = await call(house, `/api/log?run=${id}&limit=1`, { token });
    expect(page.json()).toMatchObject({ entries: [{ index, entry: { kind: "policy.decision" } }], next: index });
    const rest = await call(house, `/api/log?run=${id}&after=${String(index)}`, { token });
    expect(rest.json()).toMatchObject({ entries: [{ entry: { kind: "approval.requested" } }], next: null });
    const entry = await call(house, `/api/log/${String(index)}`, { token });
    expect(entry.json()).toMatchObject({
      opened: { contract: { text: expect.stringContaining("50 SOL") as unknown } },
    });
    const checkpoint = await call(house, "/api/log/checkpoint", { token });
    expect(checkpoint.text.split("\n")[1]).toBe(String(await logSize(house)));
    const proof = await call(house, `/api/log/proof/${String(index)}`, { token });
    expect(proof.text).toMatch(/^c2sp.org\/tlog-proof@v1\n/);
    const bundle = await call(house, `/api/log/export?run=${id}`, { token });
    expect(bundle.headers["content-type"]).toContain("application/jsonl");
    expect(bundle.headers["transfer-encoding"]).toBe("chunked");
    const lines = bundle.text.trimEnd().split("\n");
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    const opened = [...bundle.text.matchAll(/"content":"([^"]+)"/g)].map(([, text]) => atob(text ?? ""));
    expect(opened.join("")).toContain("50 SOL");
    const closed = await call(house, `/api/log/export?run=${id}&closed=true`, { token });
    expect(closed.text).not.toContain('"content"');
  });

  test("metrics count requests by route and refusals by code, and tell nothing of content", async () => {
    await propose(house, transfer);
    await call(house, "/api/actions/x", { token: house.tokens.agent });
    const { text, headers } = await call(house, "/metrics", { token: house.tokens.viewer });
    expect(headers["content-type"]).toContain("text/plain");
    expect(text).toMatch(/writ_http_request_seconds_count\{method="POST",route="\/api\/actions",status="200"\} \d+/);
    expect(text).toMatch(/writ_refusals_total\{code="REQUEST_INVALID"\} \d+/);
    expect(text).toMatch(new RegExp(`writ_log_entries ${String(await logSize(house))}\\b`));
    expect(text).not.toMatch(/SOL|claude|anna/);
  });
});

describe("running", () => {
  testWithSandbox("a command runs dry, and live only where it was proposed so", async () => {
    await govern(house, { mode: "None", posture: "OFFENSE" });
    const process = { argv: ["true"], cwd: house.workspace };
    const dry = await propose(house, { process });
    const live = await act(house, dry.id, "run", { live: true }, house.tokens.agent);
    expect([live.status, live.json()["error"]]).toEqual([409, "LIVE_NOT_REQUESTED"]);
    const ran = await act(house, dry.id, "run", {}, house.tokens.agent);
    expect(ran.json()).toMatchObject({ receipt: { mode: "dry" } });
    const twice = await act(house, dry.id, "run", {}, house.tokens.agent);
    expect(twice.status).toBe(409);
  });

  testWithSandbox("a live command runs once, in the sandbox, and its receipt is as decided", async () => {
    await govern(house, { mode: "None", posture: "OFFENSE" });
    const process = { argv: ["true"], cwd: house.workspace };
    const { id } = await propose(house, { process, live: true });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => act(house, id, "run", { live: true }, house.tokens.agent)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const after = await call(house, `/api/actions/${id}`, { token: house.tokens.agent });
    expect(after.json()).toMatchObject({
      state: "executed",
      agreement: "as_decided",
      receipt: { mode: "live", outcome: "succeeded", exit_code: 0 },
    });
  });

  test("nothing runs that is held or is not a command", async () => {
    const held = await propose(house, { process: { argv: ["rm", "-rf", "x"], cwd: house.workspace } });
    expect(held.decision).toBe("hold");
    const refused = await act(house, held.id, "run", {}, house.tokens.agent);
    expect([refused.status, refused.json()["error"]]).toEqual([409, "ACTION_NOT_RELEASED"]);
    const words = await propose(house, { action: "Read the quarterly summary" });
    expect((await act(house, words.id, "run", {}, house.tokens.agent)).status).toBe(422);
  });
});
