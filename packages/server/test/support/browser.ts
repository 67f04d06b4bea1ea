import { chromiumPath, launchChromium } from "@writ/testkit";

/** Where a browser is installed; undefined, with the reason printed, where none is. CI must have one. */
export function browserPath(): string | undefined {
  return chromiumPath("the inbox page");
}

export const launch = launchChromium;
