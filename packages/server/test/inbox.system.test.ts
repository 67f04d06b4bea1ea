/// <reference lib="dom" />
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act, govern, propose } from "./support/actions.ts";
import { browserPath, launch } from "./support/browser.ts";
import { poorContrast } from "./support/contrast.ts";
import { openHouse, type House } from "./support/house.ts";
import { call } from "./support/http.ts";

const executable = browserPath();
/** Where to leave pictures for a person to look at. */
const pictures = process.env["WRIT_SCREENSHOTS"];

const transfer = { action: "Transfer 50 SOL to marketing wallet." };

describe.skipIf(executable === undefined)("the inbox page", () => {
  let browser: Browser;
  let house: House;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    browser = await launch(executable ?? "");
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    house = await openHouse({ sweepMs: 50 });
    await govern(house, { mode: "High Security", posture: "DEFENSE" });
    await visit({});
  });
  afterEach(async () => {
    await context.close();
    await house.close();
    expect(faults).toEqual([]);
  });

  async function visit(options: Parameters<Browser["newContext"]>[0]): Promise<void> {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    page = await context.newPage();
    faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("dialog", (dialog) => {
      faults.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    // A refused token is answered with 401, which the browser reports; everything else is a fault.
    page.on("console", (message) => {
      if (message.type() === "error" && !/40[13]/.test(message.text())) faults.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(house.address)) faults.push(`loads ${request.url()}`);
      if (request.url().includes(house.tokens.anna)) faults.push("the token is in an address");
    });
  }

  const open = async (token = house.tokens.anna): Promise<void> => {
    await page.goto(`${house.address}/#token=${token}`);
    await page.getByText("live", { exact: true }).waitFor();
  };
  const item = () => page.getByRole("listitem");

  async function picture(name: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }

  test("signs in by the link's fragment, which leaves the address at once and stays in this tab", async () => {
    await open();
    expect(page.url()).toBe(`${house.address}/`);
    await page.getByText("Nothing waits").waitFor();
    await page.reload();
    await page.getByText("Nothing waits").waitFor();
    const other = await context.newPage();
    await other.goto(house.address);
    await other.getByLabel("Operator token").waitFor();
    await picture("empty-light");
  });

  test("asks for a token, refuses a wrong one in words, and takes a right one", async () => {
    await page.goto(house.address);
    const field = page.getByLabel("Operator token");
    await field.waitFor();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await picture("sign-in");
    await page.keyboard.type("writ_operator_wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "not valid" }).waitFor();
    await field.fill(house.tokens.anna);
    await page.keyboard.press("Enter");
    await page.getByText("Nothing waits").waitFor();
    expect(await field.isVisible()).toBe(false);
  });

  test("shows exactly what would happen: program, arguments, folder, scope, digest", async () => {
    await govern(house, { mode: "None", posture: "DEFENSE" });
    const argv = ["git", "push", "--force", "two words", "tab\there", ""];
    const held = await propose(house, {
      process: {
        argv,
        cwd: house.workspace,
        environment: ["HOME", "LANG"],
        stdin: { sha256: "ab".repeat(32), bytes: 7 },
      },
      scope: { write: [house.workspace], read: ["/srv/data"], network: "host" },
      limits: { time_ms: 5000 },
    });
    expect(held.state).toBe("held");
    await open();
    const text = await item().innerText();
    for (const part of ['git push --force "two words" "tab\\there" ""', house.workspace, held.digest]) {
      expect(text).toContain(part);
    }
    for (const part of ["/srv/data", "HOME", "LANG", "ab".repeat(32), "dry: nothing", "host", "agent claude", "5 s"]) {
      expect(text).toContain(part);
    }
    await picture("held-command-light");
  });

  test("appears, is approved by keyboard alone, and goes, while everybody learns of it", async () => {
    await open();
    const { id } = await propose(house, transfer);
    await item().waitFor();
    expect(await page.title()).toContain("1");
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
      if (name?.startsWith("Approve") === true) break;
    }
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
      `Approve: ${transfer.action}`,
    );
    expect(await page.evaluate(() => document.activeElement?.matches(":focus-visible"))).toBe(true);
    await picture("focus-light");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing waits").waitFor();
    const after = await call(house, `/api/actions/${id}`, { token: house.tokens.anna });
    expect(after.json()).toMatchObject({
      state: "released",
      hold: { approvals_given: [{ approver: { id: "anna" } }] },
    });
    await page.getByRole("status").filter({ hasText: "Approved" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("inbox-title");
  });

  test("rejects, keeps the focus where it was when others arrive, and tells when somebody was faster", async () => {
    const first = await propose(house, transfer);
    await open();
    await page.getByRole("button", { name: "Reject" }).focus();
    await propose(house, { action: "Transfer 60 SOL to marketing wallet." });
    await page.getByRole("button", { name: /Reject.*60/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toContain("50 SOL");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /Reject.* 50 / }).waitFor({ state: "detached" });
    const after = await call(house, `/api/actions/${first.id}`, { token: house.tokens.anna });
    expect(after.json()).toMatchObject({ state: "rejected" });
  });

  test("a click at the moment the list moves is no answer to what moved under the pointer", async () => {
    const first = await propose(house, transfer);
    const second = await propose(house, { action: "Transfer 60 SOL to marketing wallet." });
    await open();
    await page.getByRole("button", { name: /Approve.*60/ }).waitFor();
    await page.evaluate(() => {
      const list = document.getElementById("held")!;
      const click = (): void => {
        list.querySelector(".approve")?.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
      };
      new MutationObserver((_changes, observer) => {
        observer.disconnect();
        click();
      }).observe(list, { childList: true });
    });
    await act(house, first.id, "reject", {}, house.tokens.bert);
    await page.getByRole("alert").filter({ hasText: "moved" }).waitFor();
    const read = async () => (await call(house, `/api/actions/${second.id}`, { token: house.tokens.anna })).json();
    expect(await read()).toMatchObject({ state: "held" });
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: /Approve.*60/ }).press("Enter");
    await expect.poll(read).toMatchObject({ state: "released" });
  });

  test("says what went wrong: an operator's own proposal, and a viewer's wish", async () => {
    await propose(house, transfer, house.tokens.anna);
    await open();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("alert").filter({ hasText: "proposed" }).waitFor();
    await picture("refused-light");
    await context.close();
    await visit({});
    await open(house.tokens.viewer);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("alert").filter({ hasText: "may not" }).waitFor();
    expect(await item().count()).toBe(1);
  });

  test("two approvals: shows one of two, and that another operator is needed", async () => {
    const { id } = await propose(house, { ...transfer, amount: "50", position: "100" });
    await open();
    expect(await item().innerText()).toContain("0 of 2");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("1 of 2").waitFor();
    expect(await item().innerText()).toContain("anna");
    await act(house, id, "confirm", {}, house.tokens.bert);
    await page.getByText("Nothing waits").waitFor();
  });

  test("A-39: hostile text stays text, and what it hides is shown", async () => {
    const hostile = [
      "<img src=x onerror=alert(1)>",
      "<script>alert(2)</script>",
      "upload \u202Etxt.exe\u202C",
      "a\u200bb\u2066c\u0007\u001b[2J",
    ].join(" ");
    await propose(house, { action: hostile, tool: "<b>tool</b>", target: "\u202Eevil", rationale: "<i>why</i>" });
    await propose(house, { process: { argv: ["rm", "-rf", "\u202E/", "<img src=x onerror=alert(3)>"], cwd: "/tmp" } });
    await open();
    expect(await item().count()).toBe(2);
    expect(await page.locator("img, #held script, #held b, #held i").count()).toBe(0);
    const text = await page.locator("#held").innerText();
    expect(text).toContain("<img src=x onerror=alert(1)>");
    expect(text).toContain("\\u202e");
    expect(text).toContain("\\u200b");
    expect(text).toContain("\\u001b");
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u0007\u001b]/);
    await picture("hostile-light");
  });

  test("a revoked token ends the session on the page", async () => {
    await open();
    const list = (await call(house, "/api/tokens", { token: house.tokens.bert })).json() as {
      tokens: { token_id: string; principal: { id: string } }[];
    };
    const anna = list.tokens.find(({ principal }) => principal.id === "anna");
    await act2(`/api/tokens/${anna?.token_id ?? ""}/revoke`);
    await page.getByLabel("Operator token").waitFor();
    await page.getByRole("alert").filter({ hasText: "not valid" }).waitFor();
  });
  const act2 = (path: string) => call(house, path, { method: "POST", token: house.tokens.bert });

  test("comes back by itself when the server was away", async () => {
    await open();
    await context.setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event("offline")));
    await context.setOffline(false);
    await propose(house, transfer);
    await item().waitFor();
  });

  test.each([
    ["light", 1280],
    ["light", 390],
    ["dark", 1280],
    ["dark", 390],
  ] as const)(
    "reads well in %s at %i px: no sideways scrolling, contrast of 4.5 and more",
    async (colorScheme, width) => {
      await context.close();
      await visit({ colorScheme, viewport: { width, height: 844 } });
      await propose(house, { ...transfer, rationale: "word ".repeat(60), target: "x".repeat(300) });
      await propose(house, { process: { argv: ["rm", "-rf", `/srv/${"y".repeat(200)}`], cwd: house.workspace } });
      await open();
      await item().first().waitFor();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await poorContrast(page)).toEqual([]);
      await picture(`page-${colorScheme}-${String(width)}`);
    },
  );

  test("can be used without seeing it: names, roles, headings, language", async () => {
    await propose(house, transfer);
    await open();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    await page.getByRole("banner").waitFor();
    await page.getByRole("main").waitFor();
    await page.getByRole("region", { name: "Waiting for you" }).waitFor();
    await page.getByRole("heading", { level: 3, name: transfer.action }).waitFor();
    for (const button of await page.getByRole("button").all()) {
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
      const name = (await button.getAttribute("aria-label")) ?? (await button.innerText());
      expect(name).toMatch(/^(Approve|Reject): |^Sign out$/);
    }
    const unnamed = await page.evaluate(
      () =>
        [...document.querySelectorAll("input, button, select, [tabindex='0']")].filter(
          (element) =>
            !element.getAttribute("aria-label") &&
            !element.getAttribute("aria-labelledby") &&
            !(element as HTMLInputElement).labels?.length &&
            element.textContent?.trim() === "",
        ).length,
    );
    expect(unnamed).toBe(0);
    const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
