import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { canonicalize, parseJson, sha256 } from "@writ/canon";
import {
  connectSigner,
  type LocalSigner,
  openFileSigner,
  readSignerState,
  serveSigner,
  type SignerServer,
} from "@writ/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { codeOf, codeOfPromise } from "./signer-refusal.ts";

const ORIGIN = "writ.example/log";
let folder = "";
let keyHome = "";
let socketPath = "";
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-sp-"));
  keyHome = join(folder, "keys");
  socketPath = join(folder, "run", "signer.sock");
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  rmSync(folder, { recursive: true });
});

describe("a signer in another process", () => {
  test("signs, remembers and flushes over its socket", async () => {
    await startChild("serve", socketPath);
    const remote = await connectSigner(socketPath);
    expect(remote.name).toBe(ORIGIN);
    expect(await remote.state()).toBeUndefined();
    const note = await remote.sign(head(3));
    expect(remote.read(note)).toEqual(head(3));
    expect(await remote.state()).toEqual(head(3));
    await remote.flush();
    expect(await codeOfPromise(Promise.resolve(remote.sign(head(2))))).toBe("SIGNER_REFUSED");
    expect(await codeOfPromise(Promise.resolve(remote.sign(head(3, 1))))).toBe("SIGNER_REFUSED");
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "run")).mode & 0o777).toBe(0o700);
    await remote.close();
    expect(await codeOfPromise(Promise.resolve(remote.sign(head(4))))).toBe("SIGNER_UNREACHABLE");
  });

  test("killed while requests wait fails each of them, is found again, and has forgotten nothing", async () => {
    const child = await startChild("serve", socketPath);
    const remote = await connectSigner(socketPath);
    const asked = Array.from({ length: 40 }, (_, index) => Promise.resolve(remote.sign(head(index + 1))));
    const outcomes = Promise.allSettled(asked);
    await asked[0];
    await kill(child);
    const settled = await outcomes;
    const signed = settled.filter((outcome) => outcome.status === "fulfilled").length;
    for (const outcome of settled.slice(signed)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "SIGNER_UNREACHABLE" } });
    }
    expect(await codeOfPromise(Promise.resolve(remote.state()))).toBe("SIGNER_UNREACHABLE");

    await startChild("serve", socketPath);
    const state = await remote.state();
    expect(state?.size).toBeGreaterThanOrEqual(signed);
    expect(await codeOfPromise(Promise.resolve(remote.sign({ size: 0, root: sha256("") })))).toBe("SIGNER_REFUSED");
    expect(remote.read(await remote.sign(head(100)))).toEqual(head(100));
    await remote.close();
  });

  test("holds its memory against a second process that signs with it, until it dies", async () => {
    const child = await startChild("hold", "5");
    const second = await openFileSigner({ keyHome, origin: ORIGIN });
    expect(second.state()).toEqual(head(5));
    expect(codeOf(() => second.sign(head(6)))).toBe("SIGNER_BUSY");
    await kill(child);
    expect(codeOf(() => second.sign(head(4)))).toBe("SIGNER_REFUSED");
    expect(codeOf(() => second.sign(head(6)))).toBe("accepted");
    await second.close();
  });

  test("four processes on one memory never sign one size with two roots", async () => {
    await (await openFileSigner({ keyHome, origin: ORIGIN, create: true })).close();
    const outputs = await Promise.all(Array.from({ length: 4 }, () => outputOf("race", "40")));
    const signers = new Map<string, number>();
    for (const output of outputs) {
      expect(output).not.toContain("untyped");
      for (const line of output.trim().split("\n")) {
        const [size = "", outcome] = line.split(" ");
        if (outcome === "signed") signers.set(size, (signers.get(size) ?? 0) + 1);
      }
    }
    expect(Math.max(...signers.values())).toBe(1);
    expect((await readSignerState({ keyHome, origin: ORIGIN }))?.size).toBe(40);
  });
});

test("six processes that make a key at once make one, and each can use it", async () => {
  const outputs = await Promise.all(Array.from({ length: 6 }, () => outputOf("race", "1")));
  for (const output of outputs) expect(output).toMatch(/^1 (signed|SIGNER_REFUSED)\n$/);
  expect(outputs.filter((output) => output.includes("signed"))).not.toHaveLength(0);
  expect(readdirSync(keyHome).filter((name) => !name.endsWith(".lock"))).toHaveLength(2);
});

describe("the socket's server", () => {
  let signer: LocalSigner;
  let server: SignerServer;
  beforeEach(async () => {
    signer = await openFileSigner({ keyHome, origin: ORIGIN, create: true });
    server = await serveSigner({ signer, socketPath });
  });
  afterEach(async () => {
    await server.close();
    await signer.close();
  });

  test.each([
    ["an unknown operation", frame({ op: "export" })],
    ["no operation", frame({})],
    ["a list", frame([])],
    ["a field more", frame({ op: "state", x: 1 })],
    ["a head without a root", frame({ op: "sign", head: { size: 1 } })],
    ["a size in a string", frame({ op: "sign", head: { size: "1", root: "" } })],
    ["a negative size", frame({ op: "sign", head: { size: -1, root: Buffer.alloc(32).toString("base64") } })],
    ["a short root", frame({ op: "sign", head: { size: 1, root: "AAAA" } })],
    ["an empty frame", Buffer.alloc(4)],
    ["a frame over the bound", Buffer.of(0, 0, 0x10, 1)],
    ["a frame of 4 GiB", Buffer.of(0xff, 0xff, 0xff, 0xff)],
    ["text that is not JSON", Buffer.concat([Buffer.of(0, 0, 0, 3), Buffer.from("abc")])],
    ["a key twice", Buffer.concat([Buffer.of(0, 0, 0, 25), Buffer.from('{"op":"state","op":"sign"}'.slice(0, 25))])],
  ])("refuses %s and signs nothing", async (_name, bytes) => {
    expect(await exchange(bytes)).toMatchObject({ error: { code: "SIGNER_PROTOCOL" } });
    expect(signer.state()).toBeUndefined();
    const remote = await connectSigner(socketPath);
    expect(remote.read(await remote.sign(head(1)))).toEqual(head(1));
    await remote.close();
  });

  test("cuts a client that asks without end", async () => {
    const one = frame({ op: "state" });
    expect(await exchange(Buffer.concat(Array.from({ length: 2_000 }, () => one)))).toBeDefined();
    const remote = await connectSigner(socketPath);
    expect(await remote.state()).toBeUndefined();
    await remote.close();
  });

  test("takes a frame in single bytes", async () => {
    const socket = connect(socketPath);
    for (const byte of frame({ op: "state" })) socket.write(Buffer.of(byte));
    expect(await answerOn(socket)).toEqual({ head: null });
  });

  test("garbage of any kind never stops it", async () => {
    let state = 42;
    for (let round = 0; round < 100; round++) {
      const bytes = Buffer.from(
        Array.from({ length: 40 }, () => ((state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16) & 0xff),
      );
      const socket = connect(socketPath);
      socket.on("error", () => {});
      socket.resume();
      socket.end(bytes);
      await once(socket, "close");
    }
    const remote = await connectSigner(socketPath);
    expect(await remote.state()).toBeUndefined();
    await remote.close();
  });

  test("is the only one on its socket, and takes over a dead one", async () => {
    expect(await codeOfPromise(serveSigner({ signer, socketPath }))).toBe("SIGNER_BUSY");
    const file = join(folder, "run", "file");
    writeFileSync(file, "");
    expect(await codeOfPromise(serveSigner({ signer, socketPath: file }))).toBe("SIGNER_BUSY");
  });

  test("does not serve from a folder that is open to others", async () => {
    mkdirSync(join(folder, "open"));
    chmodSync(join(folder, "open"), 0o755);
    expect(await codeOfPromise(serveSigner({ signer, socketPath: join(folder, "open", "s") }))).toBe("KEY_UNSAFE");
    expect(await codeOfPromise(connectSigner(join(folder, "open", "s")))).toBe("KEY_UNSAFE");
  });

  test("is for its folder's group where the folder is, and for nobody else", async () => {
    const shared = join(folder, "shared");
    mkdirSync(shared);
    for (const [mode, socket] of [
      [0o750, 0o660],
      [0o710, 0o660],
      [0o700, 0o600],
    ] as const) {
      chmodSync(shared, mode);
      const serving = await serveSigner({ signer, socketPath: join(shared, "s") });
      expect(statSync(join(shared, "s")).mode & 0o777).toBe(socket);
      expect(statSync(join(shared, "s")).gid).toBe(statSync(shared).gid);
      const remote = await connectSigner(join(shared, "s"));
      expect(remote.name).toBe(ORIGIN);
      await remote.close();
      await serving.close();
    }
    for (const mode of [0o770, 0o751, 0o705]) {
      chmodSync(shared, mode);
      expect(await codeOfPromise(serveSigner({ signer, socketPath: join(shared, "s") }))).toBe("KEY_UNSAFE");
      expect(await codeOfPromise(connectSigner(join(shared, "s")))).toBe("KEY_UNSAFE");
    }
  });
});

describe("a client", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  test("says when nobody is there", async () => {
    expect(await codeOfPromise(connectSigner(socketPath))).toBe("SIGNER_UNREACHABLE");
    mkdirSync(join(folder, "run"), { mode: 0o700 });
    expect(await codeOfPromise(connectSigner(socketPath))).toBe("SIGNER_UNREACHABLE");
  });

  test("does not wait for ever", async () => {
    await impostor(() => {});
    expect(await codeOfPromise(connectSigner(socketPath, { timeoutMs: 100 }))).toBe("SIGNER_UNREACHABLE");
  });

  const hello = { origin: "a", vkeys: ["a+4a98f1f4+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"] };
  test.each([
    ["garbage", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["an empty introduction", frame({})],
    ["a malformed key", frame(hello)],
    ["no keys", frame({ origin: "a", vkeys: [] })],
    ["an error of an unknown code", frame({ error: { code: "X", message: "", reason: "", next: "" } })],
    ["a list", frame([])],
  ])("does not believe %s", async (_name, answer) => {
    await impostor((socket) => socket.write(answer));
    expect(await codeOfPromise(connectSigner(socketPath))).toBe("SIGNER_PROTOCOL");
  });

  test("does not hand on a note that is not what it asked for", async () => {
    const signer = await openFileSigner({ keyHome, origin: ORIGIN, create: true });
    const note = signer.sign(head(1));
    const real = await serveSigner({ signer, socketPath: join(folder, "run", "real.sock") });
    const keys = signer.verifiers;
    await impostor((socket, asked) => {
      const vkeys = keys.map(
        (key) => `${key.name}+${key.id}+${Buffer.concat([Buffer.of(1), key.publicKey]).toString("base64")}`,
      );
      socket.write(frame(asked === 0 ? { origin: ORIGIN, vkeys } : { note }));
    });
    const remote = await connectSigner(socketPath);
    expect(remote.read(await remote.sign(head(1)))).toEqual(head(1));
    expect(await codeOfPromise(Promise.resolve(remote.sign(head(2))))).toBe("SIGNER_PROTOCOL");
    await remote.close();
    await real.close();
    await signer.close();
  });

  /** Listens where the signer should, and answers as it is told. */
  async function impostor(answer: (socket: Socket, asked: number) => void): Promise<void> {
    mkdirSync(join(folder, "run"), { mode: 0o700, recursive: true });
    server = createServer((socket) => {
      let asked = 0;
      socket.on("data", () => answer(socket, asked++));
      socket.on("error", () => {});
    });
    server.listen(socketPath);
    await once(server, "listening");
  }
});

function startProcess(mode: string, where: string): ChildProcess {
  const program = join(import.meta.dirname, "signer-child.ts");
  const child = spawn(process.execPath, ["--conditions=writ-source", program, mode, keyHome, where, ORIGIN], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

async function startChild(mode: string, where: string): Promise<ChildProcess> {
  const child = startProcess(mode, where);
  if (child.stdout !== null) await once(child.stdout, "data");
  return child;
}

async function outputOf(mode: string, where: string): Promise<string> {
  const child = startProcess(mode, where);
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await once(child, "close");
  return output;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

function exchange(bytes: Buffer): Promise<unknown> {
  const socket = connect(socketPath);
  socket.write(bytes);
  return answerOn(socket);
}

/** The first answer on a socket. */
async function answerOn(socket: Socket): Promise<unknown> {
  let held = Buffer.alloc(0);
  for await (const chunk of socket) {
    held = Buffer.concat([held, Buffer.from(chunk)]);
    if (held.length >= 4 && held.length >= 4 + held.readUInt32BE()) break;
  }
  socket.destroy();
  return parseJson(held.subarray(4, 4 + held.readUInt32BE()));
}

function frame(value: Parameters<typeof canonicalize>[0]): Buffer {
  const body = Buffer.from(canonicalize(value));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function head(size: number, fill = 7): { size: number; root: Uint8Array } {
  return { size, root: new Uint8Array(32).fill(fill) };
}
