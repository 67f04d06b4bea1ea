import { readFileSync } from "node:fs";
import { join } from "node:path";

import { fromBase64, fromHex, sha256Hex, toHex } from "@writ/canon";
import { formatVkey, noteSigningKey, openNote, parseCheckpoint, parseVkey, signNote } from "@writ/ledger";
import { describeWithVectors } from "@writ/testkit";
import { describe, expect, test } from "vitest";

interface NoteCase {
  readonly name?: string;
  readonly vkey?: string;
  readonly vkeys?: readonly string[];
  readonly note: string;
  readonly verifies: boolean;
  readonly verified?: readonly string[];
  readonly unverified?: readonly string[];
  readonly signing_key?: string;
  readonly origin_sha256?: string;
  readonly timestamp?: number;
}

describeWithVectors("outside vectors of notes and keys", (folder) => {
  const text = (path: string): string => readFileSync(join(folder, path), "utf8");

  const example: NoteCase = JSON.parse(text("note/c2sp-example.json"));
  const sumdb: readonly NoteCase[] = JSON.parse(text("note/go-sumdb-note.json"));
  const cosigned: readonly NoteCase[] = JSON.parse(text("note/cosignature-v1.json"));
  const notes = [example, ...sumdb, ...cosigned];

  describe("notes", () => {
    test.each(notes.map((note, index) => ({ name: note.name ?? `note ${index}`, note })))("$name", ({ note }) => {
      const keys = (note.vkeys ?? [note.vkey ?? ""]).map(parseVkey);
      const opened = openNote(note.note, keys);
      expect(opened.ok).toBe(note.verifies);
      if (!opened.ok) return;
      const names = opened.verified.map(({ key }) => key.name);
      expect(names).toEqual(note.verified ?? keys.map((key) => key.name));
      if (note.unverified !== undefined) expect(opened.unknown).toBe(note.unverified.length);
      expect(opened.verified[0]?.timestamp).toBe(note.timestamp);
      if (note.origin_sha256 === undefined) return;
      expect(sha256Hex(parseCheckpoint(opened.text).origin)).toBe(note.origin_sha256);
    });

    const signed = notes.filter((note) => note.signing_key !== undefined);
    test.each(signed)("signing with $signing_key gives the published note", ({ note, signing_key = "" }) => {
      const [, , name = "", , ...material] = signing_key.split("+");
      const key = noteSigningKey(name, fromBase64(material.join("+")).slice(1));
      expect(signNote(note.slice(0, note.lastIndexOf("\n\n") + 1), [key])).toBe(note);
    });
  });

  describe("Ed25519", () => {
    const file: {
      readonly vectors: readonly { seed: string; public: string; message: string; signature: string }[];
    } = JSON.parse(text("ed25519/rfc8032-style.json"));

    test("each seed gives the public key and the signature", () => {
      for (const vector of file.vectors) {
        const key = noteSigningKey("vector", fromHex(vector.seed));
        expect(toHex(key.verifier.publicKey)).toBe(vector.public);
        expect(toHex(key.sign(fromHex(vector.message)))).toBe(vector.signature);
      }
    });
    console.log(`notes: ${notes.length}, Ed25519: ${file.vectors.length}`);
  });

  describe("the Go checksum database", () => {
    const file: {
      readonly log_vkey: string;
      readonly origin: string;
      readonly requests: readonly { readonly body: string }[];
    } = JSON.parse(text("witness/go-sumdb-add-checkpoint.json"));

    test("its key and its checkpoint agree, though its origin is not its key's name", () => {
      const key = parseVkey(file.log_vkey);
      expect(formatVkey(key)).toBe(file.log_vkey);
      for (const { body } of file.requests) {
        const opened = openNote(body.slice(body.indexOf("\n\n") + 2), [key]);
        expect(opened.ok).toBe(true);
        if (opened.ok) expect(parseCheckpoint(opened.text).origin).toBe(file.origin);
      }
    });
  });
});
