import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where a browser is installed; undefined, with what is `skipped` printed, where none is. CI must have one. */
export function chromiumPath(skipped: string): string | undefined {
  const found = PLACES.find((place) => existsSync(place));
  if (found !== undefined) return found;
  if (process.env["CI"] === "true") throw new Error("CI must have Chromium: apt-get install chromium");
  console.warn(`skipped: ${skipped}, because no Chromium is installed`);
  return undefined;
}

/** A headless browser with a profile of its own that asks the network for nothing by itself. */
export async function launchChromium(executablePath: string): Promise<Browser> {
  // Loaded only here: most who use this room need no browser.
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}
