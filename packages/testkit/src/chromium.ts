import { spawnSync } from "node:child_process";
import type { Browser } from "playwright-core";

import { skipOutsideCi } from "./skip.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where a browser is installed; undefined, with what is `skipped` printed, where none is. CI must have one. */
export function chromiumPath(skipped: string): string | undefined {
  // Some systems have a file of this name that only says how to get the browser.
  const found = PLACES.find((place) => spawnSync(place, ["--version"], { stdio: "ignore" }).status === 0);
  if (found === undefined) skipOutsideCi(skipped, "no Chromium is installed");
  return found;
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
