import { fromHex, toHex } from "@writ/canon";
import {
  formatCheckpoint,
  formatNote,
  NOTE_LINES_MAX,
  noteSigningKey,
  openNote,
  parseCheckpoint,
  parseNote,
  parseVkey,
  signNote,
} from "@writ/ledger";
import { describe, expect, test } from "vitest";

import { codeOf } from "./signer-refusal.ts";

const key = noteSigningKey("writ.example/log", new Uint8Array(32).fill(7));
const other = noteSigningKey("writ.example/other", new Uint8Array(32).fill(8));
const TEXT = "writ.example/log\n17\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

describe("signing and opening", () => {
  test("a signed note opens with its key", () => {
    const opened = openNote(signNote(TEXT, [key]), [key.verifier]);
    expect(opened).toEqual({ ok: true, text: TEXT, verified: [{ key: key.verifier }], unknown: 0 });
  });

  test("lines of unknown keys are ignored", () => {
    const opened = openNote(signNote(TEXT, [other, key]), [key.verifier]);
    expect(opened).toMatchObject({ ok: true, unknown: 1 });
  });

  test("a note without a line of a known key is unsigned", () => {
    expect(openNote(signNote(TEXT, [other]), [key.verifier])).toEqual({ ok: false, code: "NOTE_UNSIGNED" });
    expect(openNote(signNote(TEXT, [key]), [])).toEqual({ ok: false, code: "NOTE_UNSIGNED" });
  });

  test("one wrong line of a known key refuses the note, whatever else is good", () => {
    const note = parseNote(signNote(TEXT, [key, other]));
    const [good, bad] = note.lines;
    const forged = formatNote({ ...note, lines: [good!, { ...bad!, signature: new Uint8Array(64) }] });
    expect(openNote(forged, [key.verifier, other.verifier])).toEqual({ ok: false, code: "NOTE_FORGED" });
    expect(openNote(forged, [key.verifier])).toMatchObject({ ok: true, unknown: 1 });
  });

  test("a known key's line with a signature of another length is forged", () => {
    const note = parseNote(signNote(TEXT, [key]));
    for (const length of [1, 63, 65, 72]) {
      const lines = [{ ...note.lines[0]!, signature: new Uint8Array(length).fill(1) }];
      expect(openNote(formatNote({ ...note, lines }), [key.verifier])).toEqual({ ok: false, code: "NOTE_FORGED" });
    }
  });

  test("the same line twice counts once", () => {
    const note = parseNote(signNote(TEXT, [key]));
    const twice = formatNote({ ...note, lines: [...note.lines, ...note.lines] });
    expect(openNote(twice, [key.verifier])).toMatchObject({ ok: true, verified: [{ key: key.verifier }] });
  });

  test("text may hold empty lines: the last one separates", () => {
    const text = "a\n\nb\n\n\nc\n";
    expect(openNote(signNote(text, [key]), [key.verifier])).toMatchObject({ ok: true, text });
  });

  test("a seed of another length is no key", () => {
    expect(codeOf(() => noteSigningKey("a", new Uint8Array(31)))).toBe("KEY_INVALID");
    expect(codeOf(() => noteSigningKey("a b", new Uint8Array(32)))).toBe("KEY_INVALID");
  });
});

describe("the form", () => {
  const good = signNote(TEXT, [key]);
  const line = good.slice(TEXT.length + 1);

  test.each([
    ["nothing", ""],
    ["text alone", TEXT],
    ["no signature line", `${TEXT}\n`],
    ["a line without its end", good.slice(0, -1)],
    ["text behind the line", `${good}x`],
    ["an empty line at the end", `${good}\n`],
    ["a hyphen for the dash", good.replace("\u2014", "-")],
    ["no space after the dash", good.replace("\u2014 ", "\u2014")],
    ["two spaces after the dash", good.replace("\u2014 ", "\u2014  ")],
    ["a name with a plus", good.replace("\u2014 writ", "\u2014 w+rit")],
    ["a tab", good.replace("17", "1\t7")],
    ["a carriage return", good.replace("17\n", "17\r\n")],
    ["a NUL", good.replace("17", "1\u00007")],
    ["a lone surrogate", good.replace("17", "1\ud8007")],
    ["base64 without padding", good.replace(/=\n$/, "\n")],
    ["a signature of four bytes", `${TEXT}\n\u2014 writ.example/log AAAAAA==\n`],
    ["a space at the end of the line", good.replace(/\n$/, " \n")],
    ["more lines than allowed", TEXT + "\n" + line.repeat(NOTE_LINES_MAX + 1)],
    ["more bytes than allowed", "x".repeat(262_144) + good],
    ["more bytes than allowed, fewer characters", "\u20ac".repeat(90_000) + good],
  ])("refuses %s", (_name, text) => {
    expect(codeOf(() => parseNote(text))).toBe("NOTE_INVALID");
    expect(codeOf(() => parseNote(new TextEncoder().encode(text)))).toMatch(/NOTE_INVALID|accepted/);
    expect(codeOf(() => openNote(text, [key.verifier]))).toBe("NOTE_INVALID");
  });

  test("refuses bytes that are not UTF-8", () => {
    const bytes = new TextEncoder().encode(good);
    bytes[2] = 0xff;
    expect(codeOf(() => parseNote(bytes))).toBe("NOTE_INVALID");
  });

  test.each([1, 16, NOTE_LINES_MAX])("reads %i signature lines", (count) => {
    expect(parseNote(TEXT + "\n" + line.repeat(count)).lines).toHaveLength(count);
  });

  test("writes what it reads", () => {
    expect(formatNote(parseNote(good))).toBe(good);
  });

  test.each([
    ["text without its newline", { text: "a", lines: parseNote(good).lines }],
    ["text with a control character", { text: "a\tb\n", lines: parseNote(good).lines }],
    ["no lines", { text: "a\n", lines: [] }],
    ["a bad id", { text: "a\n", lines: [{ name: "a", id: "zz", signature: new Uint8Array(64) }] }],
  ])("does not write %s", (_name, note) => {
    expect(codeOf(() => formatNote(note))).toBe("NOTE_INVALID");
  });
});

describe("mutated notes", () => {
  const RUNS = 20_000;
  const note = Buffer.from(signNote(TEXT, [key]));

  test(`of ${RUNS} none is accepted and none ends in an untyped error`, () => {
    const next = mulberry32(20_261_121);
    let accepted = 0;
    for (let run = 0; run < RUNS; run++) {
      const mutant = mutate(note, next);
      if (mutant.equals(note)) continue;
      const code = codeOf(() => {
        const opened = openNote(mutant, [key.verifier]);
        if (!opened.ok) return;
        // The only freedom is in lines of unknown keys and repeated lines: the text is as it was signed.
        if (opened.text !== TEXT) accepted++;
        parseCheckpoint(opened.text);
      });
      if (code.startsWith("untyped")) throw new Error(`seed 20261121, run ${run}: ${code}`);
    }
    expect(accepted).toBe(0);
    console.log(`mutated notes: ${RUNS}, accepted ${accepted}`);
  });

  test("of 20000 mutated checkpoints each is refused or written back the same", () => {
    const next = mulberry32(7);
    const text = Buffer.from(formatCheckpoint({ origin: "a/b", size: 9, root: fromHex("ab".repeat(32)) }));
    for (let run = 0; run < RUNS; run++) {
      const mutant = mutate(text, next).toString("latin1");
      const code = codeOf(() => {
        const parsed = parseCheckpoint(mutant);
        const rest = parsed.extensions.map((line) => `${line}\n`).join("");
        expect(formatCheckpoint(parsed) + rest).toBe(mutant);
      });
      expect(code).toMatch(/^(accepted|CHECKPOINT_INVALID)$/);
    }
  });
});

function mutate(bytes: Buffer, next: () => number): Buffer {
  const mutant = Buffer.from(bytes);
  const at = Math.floor(next() * mutant.length);
  const to = Math.floor(next() * mutant.length);
  switch (Math.floor(next() * 6)) {
    case 0:
      mutant[at] = (mutant[at] ?? 0) ^ (1 << Math.floor(next() * 8));
      return mutant;
    case 1:
      mutant[at] = Math.floor(next() * 256);
      return mutant;
    case 2:
      return mutant.subarray(0, at);
    case 3:
      return Buffer.concat([mutant.subarray(0, at), Buffer.of(Math.floor(next() * 256)), mutant.subarray(at)]);
    case 4:
      return Buffer.concat([mutant.subarray(0, at), mutant.subarray(to)]);
    default:
      return Buffer.concat([mutant, mutant.subarray(Math.min(at, to), Math.max(at, to))]);
  }
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test("a key's id is what the vector says", () => {
  expect(
    toHex(parseVkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").publicKey),
  ).toHaveLength(64);
});
