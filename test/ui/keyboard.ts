import type { Locator, Page } from 'playwright-core';
import { poll } from './editor';

/** Presses Tab, or what is named, until something has the focus. */
export async function tabTo(page: Page, wanted: Locator, key = 'Tab'): Promise<void> {
  await poll(async () => {
    await page.keyboard.press(key);
    return isFocused(wanted);
  }, `${key} never led there.`);
}

export function isFocused(wanted: Locator): Promise<boolean> {
  return wanted.evaluate((element: unknown) => (element as { matches(selector: string): boolean }).matches(':focus'));
}
