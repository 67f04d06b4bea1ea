import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { openLedgerFile } from "../src/open-ledger-file.ts";
import { newEntry, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner } from "./memory-signer.ts";
const path = "/tmp/w/fz/log.db";
for (const e of ["", "-wal", "-shm"]) rmSync(path + e, { force: true });
const open = () => openLedgerFile({ path, signer: memorySigner(ORIGIN), ...systemPorts(), origin: ORIGIN });
const log = await open();
for (let g = 0; g < 70; g++) await log.append(Array.from({ length: 10 }, (_, i) => newEntry({ data: { g, i } })));
await log.close();
const good = readFileSync(path);
const codes = new Map<string, number>();
const attempt = async (what: string, bytes: Uint8Array) => {
  for (const e of ["", "-wal", "-shm", ".lock"]) rmSync(path + e, { force: true });
  writeFileSync(path, bytes);
  let said = "opened";
  try { const l = await open(); try { let n = 0; for await (const e of l.read(0, (await l.head()).size)) n++; await l.append([newEntry({data:{x:1}})]); said = "fine " } catch (e: any) { said = "after open: " + e.code } await l.close(); }
  catch (e: any) { said = (e.code ?? e.stack) + (e.code?.startsWith("LEDGER_CORRUPT") ? "" : " " + e.message) }
  const key = `${what}: ${said}`;
  codes.set(key, (codes.get(key) ?? 0) + 1);
};
await attempt("empty", new Uint8Array());
for (const n of [1, 50, 100, 4096, 8192, 8193, 20000, good.length / 2, good.length - 8192, good.length - 1]) await attempt("truncated " + n, good.subarray(0, n));
for (const [a, b] of [[0, 16], [0, 100], [16, 20], [0, 8192]] as const) { const c = Buffer.from(good); c.fill(0, a, b); await attempt(`zeroed ${a}-${b}`, c); }
for (let p = 0; p < good.length / 8192; p++) { const c = Buffer.from(good); c.fill(0, p * 8192, p * 8192 + 8192); await attempt("zeroed page", c); const d = Buffer.from(good); for (let i = p * 8192; i < p * 8192 + 8192; i++) d[i]! ^= 0xff; await attempt("inverted page", d); }
for (let i = 0; i < 300; i++) { const c = Buffer.from(good); const at = Math.floor(Math.random() * c.length); c[at]! ^= 1 << Math.floor(Math.random() * 8); await attempt("bit", c); }
console.log([...codes].map(([k, n]) => `${n}  ${k}`).sort().join("\n"));
