/// <reference lib="dom" />
import type { Page } from "playwright-core";

export interface Poor {
  readonly text: string;
  readonly ratio: number;
}

/** Every visible text whose contrast is below WCAG 2.2's 4.5 to 1 (success criterion 1.4.3). */
export function poorContrast(page: Page): Promise<readonly Poor[]> {
  return page.evaluate(() => {
    const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)";
      const color = getComputedStyle(element).backgroundColor;
      return channels(color)[3] === 0 ? ground(element.parentElement) : color;
    };
    const poor: Poor[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? "";
      if (element === null || text === "" || !element.checkVisibility() || element.closest(":disabled")) continue;
      const [lighter = 0, darker = 0] = [getComputedStyle(element).color, ground(element)]
        .map(luminance)
        .sort((left, right) => right - left);
      const ratio = (lighter + 0.05) / (darker + 0.05);
      if (ratio < 4.5) poor.push({ text: text.slice(0, 40), ratio });
    }
    return poor;
  });
}
