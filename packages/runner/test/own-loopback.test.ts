import { describe, expect, test } from "vitest";
import { isAnswered } from "../src/own-loopback.ts";

const row = (local: string, remote: string, state: string): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 20 1 0 100 0 0 10 0`;
const table = (...rows: readonly string[]): string =>
  ["  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", ...rows].join(
    "\n",
  );

describe("a port of the sandbox's own loopback", () => {
  test.each([
    ["a server that listens", row("0100007F:1F90", "00000000:0000", "0A"), true],
    ["a server that listens on IPv6", row("00000000000000000000000001000000:1F90", "0:0000", "0A"), true],
    ["a connection that is open", row("0100007F:1F90", "0100007F:C350", "01"), true],
    ["a connection that has just ended", row("0100007F:1F90", "0100007F:C350", "06"), true],
  ])("was answered by %s", (_, line, answered) => {
    expect(isAnswered(table(line), 8080)).toBe(answered);
  });

  test.each([
    ["nothing is there", table()],
    ["the table cannot be read", ""],
    ["a client still knocks from it", table(row("0100007F:1F90", "0100007F:C350", "02"))],
    ["a client knocks at it", table(row("0100007F:C350", "0100007F:1F90", "02"))],
    ["another port ends in the same digits", table(row("0100007F:1F91", "0100007F:1F90", "0A"))],
  ])("was not where %s", (_, text) => {
    expect(isAnswered(text, 8080)).toBe(false);
  });
});
