import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ownLoopback } from "../src/own-loopback.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

/** Serves one connection to itself when it is told to go, and ends. */
const OWN_SERVER = `const net = require("net");
const server = net.createServer((socket) => socket.end()).listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  console.log(String(port));
  process.stdin.once("data", () =>
    net.connect(port, "127.0.0.1").resume().on("close", () => { server.close(); process.stdin.destroy(); }));
});`;

describeWithSandbox("the sandbox's own loopback", () => {
  test("still tells of a server and its connection when all of it has ended", async () => {
    const outer = spawn(
      "bwrap",
      ["--unshare-net", "--ro-bind", "/", "/", "--dev", "/dev", "--", process.execPath, "-e", OWN_SERVER],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    const [line] = (await once(outer.stdout, "data")) as [Buffer];
    const port = Number(line.toString());
    const [first = ""] = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, "utf8").split(" ");
    const loopback = ownLoopback(() => Number(first));
    loopback.hold();
    outer.stdin.end("go");
    await once(outer, "close");
    expect(loopback.serves(port)).toBe(true);
    expect(loopback.serves(1)).toBe(false);
    loopback.release();
    expect(loopback.serves(port)).toBe(false);
  });
});
