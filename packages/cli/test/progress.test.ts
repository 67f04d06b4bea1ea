import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { saying } from "../src/terminal/progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function shown(ms: number, isTTY: boolean): Promise<string> {
  let text = "";
  const work = new Promise<string>((resolve) => setTimeout(() => resolve("done"), ms));
  const said = saying("opening the log", work, { isTTY, write: (part) => (text += part) });
  await vi.advanceTimersByTimeAsync(ms);
  expect(await said).toBe("done");
  return text;
}

test("a wait of over a second is told on a terminal, in one line that goes away", async () => {
  expect(await shown(2_500, true)).toBe("\ropening the log … 1 s\ropening the log … 2 s\r\u001b[K");
});

test("a short wait, and one that nobody watches, is not told", async () => {
  expect(await shown(900, true)).toBe("");
  expect(await shown(2_500, false)).toBe("");
});

test("a wait that fails leaves no line", async () => {
  let text = "";
  const work = new Promise((_, reject) => setTimeout(() => reject(new Error("no")), 1_500));
  const said = expect(saying("x", work, { isTTY: true, write: (part) => (text += part) })).rejects.toThrow("no");
  await vi.advanceTimersByTimeAsync(1_500);
  await said;
  expect(text.endsWith("\r\u001b[K")).toBe(true);
});
