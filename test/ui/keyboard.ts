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

/** Runs a command of the palette, by the keyboard alone. It is opened again where the command is offered only since: it lists what was possible when it opened. */
export async function command(page: Page, title: string): Promise<void> {
  await poll(async () => {
    await page.keyboard.press('F1');
    await typeInto(page, 'Type the name of a command', title);
    if (await entryOf(page, title).waitFor({ timeout: 3000 }).then(() => true, () => false)) {
      return true;
    }
    await page.keyboard.press('Escape');
    return false;
  }, `The palette never offered "${title}".`, 20_000);
  await walkTo(page, title);
}

/** Answers a list whose empty field says `placeholder`, by the keyboard alone. */
export async function choose(page: Page, placeholder: string, label: string, typed = label): Promise<void> {
  await typeInto(page, placeholder, typed);
  await walkTo(page, label);
}

async function typeInto(page: Page, placeholder: string, typed: string): Promise<void> {
  await page.locator(`.quick-input-widget:visible input[placeholder*="${placeholder}"]:focus`).waitFor();
  await page.keyboard.type(typed);
}

async function walkTo(page: Page, label: string): Promise<void> {
  const entry = entryOf(page, label);
  await entry.waitFor();
  await poll(async () => {
    if (/\bfocused\b/.test(await entry.getAttribute('class') ?? '')) {
      return true;
    }
    await page.keyboard.press('ArrowDown');
    return false;
  }, `The keyboard never came to "${label}".`);
  await page.keyboard.press('Enter');
}

function entryOf(page: Page, label: string): Locator {
  return page.locator('.quick-input-list .monaco-list-row').filter({ has: page.locator('.label-name').getByText(label, { exact: true }) });
}
