import type { FrameLocator, Locator } from 'playwright-core';
import type { Editor } from './editor';

/** Opens the console of a running machine of the embedded cluster and logs in there; gives the machine's row. */
export async function logIn(editor: Editor, name: string): Promise<Locator> {
  const row = editor.row(name);
  await editor.waitForText(row, /Running/);
  await editor.choose(row, 'Open console');
  await shows(editor.webview, `${name} login:`);
  await editor.webview.locator('.screen').click();
  await editor.page.keyboard.type('cloud\nsecret\n');
  await shows(editor.webview, `cloud@${name}:~$`);
  return row;
}

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
