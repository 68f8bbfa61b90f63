import type { FrameLocator, Locator } from 'playwright-core';

/** What a console's terminal says, as assistive technology hears it. */
export async function screen(view: FrameLocator): Promise<string> {
  return terminal(view).innerText();
}

/** Waits until the terminal of a console says so. */
export async function shows(view: FrameLocator, text: string): Promise<void> {
  await terminal(view).filter({ hasText: text }).waitFor();
}

/** Not that of a recording that is played over it. */
function terminal(view: FrameLocator): Locator {
  return view.locator('.stage > .screen .xterm-accessibility-tree');
}
