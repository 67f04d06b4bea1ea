import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium, vectorsFolder } from "@writ/testkit";
import { probe, type Probed } from "./support/bundle-probe.ts";

/** Without the shell grammar, which a host loads on its own. */
const GZIP_BYTES_MAX = 60_000;
/** Entries that a host adds when it needs them. */
const MORE_BYTES_MAX = 72_000;

const here = import.meta.dirname;
const vectors = vectorsFolder();
const records = goldenRecords();
const cases = vectors === undefined ? null : readFileSync(join(vectors, "kernel/cases.json"), "utf8");
/** The same answers, given by this process from the sources and with the platform's own SHA-256. */
const expected = probe(records, cases);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-kernel-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the kernel bundles into one file that imports nothing, and is small", async () => {
  for (const [entry, max] of [
    ["index.ts", GZIP_BYTES_MAX],
    ["security.ts", MORE_BYTES_MAX],
    ["governance.ts", MORE_BYTES_MAX],
  ] as const) {
    const bundle = await bundled(join(here, "../src", entry), "esm");
    const bytes = gzipSync(bundle, { level: 9 }).length;
    console.log(`kernel ${entry}: ${String(bytes)} bytes gzipped, ${String(bundle.length)} plain`);
    expect(bytes).toBeLessThanOrEqual(max);
  }
});

test("a plain Node runs it in a folder where nothing is installed", async () => {
  writeFileSync(join(folder, "kernel.mjs"), await bundled(join(here, "support/bundle-probe.ts"), "esm"));
  writeFileSync(join(folder, "input.json"), JSON.stringify([records, cases]));
  const program = `import { readFileSync } from "node:fs"; import { probe } from "./kernel.mjs";
    process.stdout.write(JSON.stringify(probe(...JSON.parse(readFileSync("input.json", "utf8")))));`;
  const options = { cwd: folder, env: { PATH: process.env["PATH"] }, encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", program], options);
  expect(JSON.parse(said) as Probed).toEqual(expected);
});

const executable = chromiumPath("the kernel in a browser");

describe.skipIf(executable === undefined)("in Chromium", () => {
  test("the kernel gives the same answers, and asks the network for nothing", async () => {
    const script = (await bundled(join(here, "support/bundle-probe.ts"), "iife")).toString("utf8");
    const browser = await launchChromium(executable ?? "");
    try {
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on("request", (request) => void asked.push(request.url()));
      await page.addScriptTag({ content: script });
      const said = await page.evaluate(
        `JSON.stringify(writKernel.probe(${JSON.stringify(records)}, ${JSON.stringify(cases)}))`,
      );
      expect(JSON.parse(String(said)) as Probed).toEqual(expected);
      expect(asked).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

async function bundled(entry: string, format: "esm" | "iife"): Promise<Buffer> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format,
    globalName: "writKernel",
    platform: "browser",
    target: "es2024",
    conditions: ["writ-source"],
    logLevel: "error",
  });
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  return Buffer.from(outputFiles[0]?.contents ?? []);
}

function goldenRecords(): readonly string[] {
  const place = join(here, "../../../vectors/records");
  const names = readdirSync(place).filter((name) => name.endsWith(".json"));
  return names.toSorted().map((name) => readFileSync(join(place, name), "utf8"));
}
