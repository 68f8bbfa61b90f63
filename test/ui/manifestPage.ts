import type { Locator } from 'playwright-core';
import { poll, type Editor } from './editor';

/** A manifest in the active editor, as somebody who writes it sees it. */
export class ManifestPage {
  readonly #editor: Editor;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Begins an empty file. */
  async create(): Promise<void> {
    const { page } = this.#editor;
    await this.#editor.run('File: New Untitled Text File');
    await this.#editor.run('Change Language Mode');
    await page.locator('.quick-input-widget input').fill('YAML');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'YAML' }).first().click();
    await page.locator('.editor-group-container.active .view-line').first().click();
  }

  /** Opens a file of the workspace by its name, as soon as the search for files knows it. */
  async open(name: string): Promise<void> {
    const { page } = this.#editor;
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
    await poll(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+P');
      return page.locator('.quick-input-widget input').first().fill(name, { timeout: 2000 }).then(() => row.click({ timeout: 3000 })).then(() => true, () => false);
    }, `There never was a file "${name}".`);
    await page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Shows the help of a place by keyboard until it says `text`: what the cluster has to say may still be on its way. */
  async hoverAt(place: string, text: string): Promise<void> {
    const { page } = this.#editor;
    const said = page.locator('.monaco-hover:visible', { hasText: text }).first();
    await poll(async () => {
      await page.keyboard.press('Escape');
      await this.goTo(place);
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+I');
      return said.waitFor({ timeout: 3000 }).then(() => true, () => false);
    }, `The help never said "${text}".`);
  }

  line(text: string | RegExp): Locator {
    return this.#editor.page.locator('.editor-group-container.active .view-line', { hasText: text });
  }

  suggestion(label: string): Locator {
    return this.#editor.page.locator('.suggest-widget.visible .monaco-list-row', { has: this.#editor.page.locator('.label-name').getByText(label, { exact: true }) });
  }

  /** Moves the cursor, as in `7:29`. */
  async goTo(place: string): Promise<void> {
    const { page } = this.#editor;
    await page.keyboard.press('Control+G');
    await this.#editor.type(`:${place}`);
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Takes an offer of the quick fixes at a place. */
  async mend(place: string, title: string): Promise<void> {
    const { page } = this.#editor;
    await this.goTo(place);
    const action = page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
    // The list stays away while the findings of the last change are on their way.
    for (let attempt = 0; attempt < 20 && !(await action.isVisible()); attempt++) {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+.');
      await action.waitFor({ timeout: 2000 }).catch(() => undefined);
    }
    await action.click();
  }

  /** Clicks the lens of that title above the manifest whose `kind` is this. Lenses move while their words change. */
  async clickLens(kind: string, title: string): Promise<void> {
    await poll(async () => {
      const lens = await this.#lensAbove(kind, title);
      return lens !== undefined && lens.click({ timeout: 2000 }).then(() => true, () => false);
    }, `There never was a lens "${title}" above ${kind}.`);
  }

  /** Waits until a lens above the manifest of this kind says so. */
  async waitForLens(kind: string, text: string | RegExp, limitMs?: number): Promise<void> {
    await poll(async () => (await this.#lensAbove(kind, text)) !== undefined, `No lens above ${kind} ever said ${String(text)}.`, limitMs);
  }

  async #lensAbove(kind: string, text: string | RegExp): Promise<Locator | undefined> {
    const head = await this.line(new RegExp(`^kind:\\s${kind}$`)).first().boundingBox({ timeout: 1000 }).catch(() => undefined);
    const lenses = await this.#editor.page.locator('.codelens-decoration > *', { hasText: text }).all();
    for (const lens of head ? lenses : []) {
      const box = await lens.boundingBox({ timeout: 1000 }).catch(() => undefined);
      // The lens stands above "apiVersion", which stands above "kind".
      if (head && box && box.y < head.y && head.y - box.y < 3 * head.height) {
        return lens;
      }
    }
    return undefined;
  }
}
