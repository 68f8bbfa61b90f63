import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../scripts/browser';
import { resultsFolder, root, vsixFile } from '../../scripts/paths';
import { startWorkbench } from '../../scripts/workbench';
import type { Workbench } from '../../scripts/workbench';
import { until } from '../until';
import { apart, keepApart } from './apart';
import { keepChosen } from './chosen';
import { makeDeaf } from './deaf';
import { filesWith, secretsOf, watchMessages } from './secrets';
import { startedWith } from './started';

export const screenshots = path.join(resultsFolder, 'screenshots');

/** Wide enough for the descriptions of machines. */
const sidebarWidth = 430;

/** What themes are called, and the names of their files, which the workbench carries as a class while they are shown. */
export const themes = { 'Light Modern': 'light_modern', 'Dark Modern': 'dark_modern', 'Dark High Contrast': 'hc_black', 'Light High Contrast': 'hc_light' } as const;

export type Theme = keyof typeof themes;

export interface EditorOptions {
  /** What the environment names as `KUBECONFIG`; absent: no file anywhere. */
  readonly kubeconfig?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A folder with programs that go before all others. */
  readonly programs?: string;
  /** Lets messages pass unread, and gives panels an origin and so a process of their own, as everywhere but on a server without a domain. For benches: policies are off, and strangers are not noticed. */
  readonly isMeasured?: boolean;
  /** Packages of extensions that stand beside ours. */
  readonly others?: readonly string[];
  /** Starts in Restricted Mode. */
  readonly trust?: boolean;
  /** Language of what the extension says at run time; the workbench itself has only English here. */
  readonly language?: 'ru';
}

/** A real VS Code with the packaged extension, seen through a real browser. */
export class Editor {
  readonly page: Page;
  /** Addresses outside of this machine that the workbench or a panel in it has asked for something. */
  readonly #strangers: readonly string[];
  readonly #browser: Browser;
  readonly #workbench: Workbench;
  readonly #workspace: string;
  /** Ends everything that was started for it. */
  readonly #ends: AsyncDisposableStack;
  readonly #kubeconfig: string | undefined;
  /** Where a secret of the kubeconfig was in a message to a panel or from one. */
  readonly #leaks: readonly string[];

  private constructor(page: Page, strangers: readonly string[], leaks: readonly string[], browser: Browser, workbench: Workbench, workspace: string, ends: AsyncDisposableStack, kubeconfig: string | undefined) {
    this.page = page;
    this.#strangers = strangers;
    this.#browser = browser;
    this.#workbench = workbench;
    this.#workspace = workspace;
    this.#ends = ends;
    this.#kubeconfig = kubeconfig;
    this.#leaks = leaks;
  }

  /** Leaves nothing behind when it fails. */
  static async open(options: EditorOptions): Promise<Editor> {
    const executable = await findBrowser();
    if (!executable) {
      throw new Error('There is no browser.');
    }
    await using ends = new AsyncDisposableStack();
    const home = ends.adopt(await mkdtemp(path.join(tmpdir(), 'dvp-ui-')), (folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const workspace = path.join(home, 'workspace');
    await cp(path.join(root, 'test/host/workspace'), workspace, { recursive: true });
    const workbench = ends.adopt(await startWorkbench({
      vsix: vsixFile,
      settings: options.settings ?? {},
      // A home of its own, so that nobody's kubeconfig is read. Started from a command line, VS Code takes PATH as it is and asks no login shell.
      env: { HOME: home, USERPROFILE: home, KUBECONFIG: options.kubeconfig ?? '', ...(options.programs !== undefined && { PATH: [options.programs, process.env.PATH].join(path.delimiter), VSCODE_CLI: '1' }) },
      trust: options.trust ?? false,
      others: options.others ?? [],
    }), (one) => one.stop());
    const isMeasured = options.isMeasured === true;
    const browser = ends.adopt(await launchBrowser(executable, isMeasured ? apart.args : []), (one) => one.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: isMeasured });
    page.setDefaultTimeout(45_000);
    if (options.language) {
      // What VS Code's own page sets for an installed language pack.
      await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${options.language}'`);
    }
    const strangers: string[] = [];
    // Also of the frames in it, which is where panels live.
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^(?:https?|wss?):$/.test(url.protocol) && !isHere(url.hostname)) {
        strangers.push(url.origin);
      }
    });
    const leaks: string[] = [];
    await page.exposeFunction('leaked', (channel: string) => void leaks.push(`a message "${channel}" of a panel`));
    if (isMeasured) {
      await page.addInitScript(`globalThis.__name = (value) => value; (${keepApart.toString()})('${apart.host}');`);
    } else {
      await page.addInitScript(`globalThis.__name = (value) => value; (${watchMessages.toString()})(${JSON.stringify(await secretsOf(options.kubeconfig))});`);
    }
    await page.addInitScript(`(${keepChosen.toString()})();`);
    const url = new URL(workbench.url({ folder: workspace }));
    url.hostname = isMeasured ? apart.host : url.hostname;
    await page.goto(url.href);
    await page.locator('.monaco-workbench').waitFor();
    if (isMeasured) {
      await makeDeaf(page);
    }
    return new Editor(page, strangers, leaks, browser, workbench, workspace, ends.move(), options.kubeconfig);
  }

  /** Ends everything. @throws Error when anybody outside of this machine was asked for something, a secret was told (F45 and F36 hold in every test), or a process goes on */
  async close(): Promise<void> {
    const told = await this.#told().finally(() => this.#ends.disposeAsync());
    let left: readonly string[] = [];
    await until(async () => (left = await this.processes()).length === 0, () => `These go on without their editor: ${left.join('; ')}`, 20_000);
    if (this.#strangers.length > 0) {
      throw new Error(`F45: the workbench or a panel asked ${[...new Set(this.#strangers)].join(', ')} for something.`);
    }
    if (told.length > 0) {
      throw new Error(`F36: a token, a key or text of the kubeconfig is in ${[...new Set(told)].join(', ')}.`);
    }
  }

  /** Command lines of what the workbench has started and that runs now: its own processes, terminals, programs in them. */
  processes(): Promise<readonly string[]> {
    return startedWith(this.#workbench.folder);
  }

  /** Where secrets were told. The logs are complete when nobody looks at the workbench any more. */
  async #told(): Promise<readonly string[]> {
    await this.#browser.close();
    const secrets = await secretsOf(this.#kubeconfig);
    // Logs, output channels, what the extension remembers and keeps of screens; recordings and saved texts.
    const files = await Promise.all([path.join(this.#workbench.folder, 'data'), this.#workspace].map((folder) => filesWith(folder, secrets)));
    return [...this.#leaks, ...files.flat()];
  }

  /** Shows the extension's container in the sidebar. */
  async showClusters(pane = 'Clusters'): Promise<void> {
    await this.page.locator('.activitybar .action-item a[aria-label^="Deckhouse Virtualization"]').click();
    await this.pane(pane).waitFor();
    const border = await this.page.locator('.part.sidebar').boundingBox();
    if (border && border.width < sidebarWidth - 10) {
      const x = border.x + border.width;
      await this.page.mouse.move(x, 300);
      await this.page.mouse.down();
      await this.page.mouse.move(border.x + sidebarWidth, 300, { steps: 5 });
      await this.page.mouse.up();
    }
  }

  /** Shows the clusters and opens a context, which connects it. */
  async openContext(label = 'admin'): Promise<void> {
    await this.showClusters();
    const context = this.row(label);
    await context.waitFor();
    await this.expand(context);
  }

  /** The page of the only panel that is shown. */
  get webview(): FrameLocator {
    return webviewOf(this.page);
  }

  pane(title: string): Locator {
    return this.page.locator('.pane').filter({ has: this.page.locator(`.pane-header[aria-label^="${title}"]`) });
  }

  /** The row of the tree whose label is exactly `label`, or matches it. */
  row(label: string | RegExp, pane = 'Clusters'): Locator {
    return this.pane(pane).locator('.monaco-list-row').filter({ has: this.page.locator('.label-name').getByText(label, { exact: true }) });
  }

  /** Opens a row when it is closed. */
  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'false') {
      await row.locator('.monaco-tl-twistie').click();
    }
  }

  /**
   * Runs a command of the palette by its title. It is opened again where a panel that has just opened has taken the focus, which closes it,
   * and where the command is offered only since: it lists what was possible when it opened.
   */
  async run(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input').first();
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    await poll(async () => {
      await this.page.keyboard.press('F1');
      const isChosen = await input.fill(`>${title}`, { timeout: 5000 }).then(() => row.click({ timeout: 10_000 })).then(() => true, () => false);
      if (!isChosen) {
        await this.page.keyboard.press('Escape');
      }
      return isChosen;
    }, `The palette never offered "${title}".`);
  }

  /** Chooses an entry of the list that a command shows. */
  async pick(label: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ has: this.page.locator('.label-name').getByText(label, { exact: true }) }).click();
  }

  /** Answers the input box that a command shows. */
  async type(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget.show-file-icons input, .quick-input-widget input').first();
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Answers VS Code's own dialog for files, whose button says `label`. It takes another file, or forgets what was typed, until it has read the folder and so shows `entry` of it. */
  async chooseFile(label: string, file: string, entry = path.basename(file)): Promise<void> {
    const button = this.page.locator('.quick-input-action', { hasText: label });
    const input = this.page.locator('.quick-input-widget input').first();
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: entry }).first();
    await button.waitFor();
    await poll(async () => (await input.inputValue()).startsWith('/'), 'No file was ever asked for.');
    await poll(async () => {
      await input.fill(file.slice(0, file.lastIndexOf('/') + 1), { timeout: 2000 });
      if (await row.waitFor({ timeout: 2000 }).then(() => true, () => false)) {
        await input.fill(file, { timeout: 2000 });
        await input.press('Enter', { timeout: 2000 });
      }
      return button.waitFor({ state: 'hidden', timeout: 2000 }).then(() => true, () => false);
    }, `The dialog never took "${file}".`);
  }

  /** Opens the context menu of a row and chooses an entry, as soon as it is offered. */
  async choose(row: Locator, entry: string): Promise<void> {
    const item = this.page.locator('.monaco-menu .action-item').filter({ has: this.page.getByText(entry, { exact: true }) });
    await poll(async () => {
      // A tooltip in which the pointer rests stays, over other rows.
      if (await this.page.locator('.monaco-hover:visible').count() > 0) {
        await this.page.mouse.move(900, 400);
      }
      await this.page.evaluate('dvpChosen = null');
      await row.click({ button: 'right' });
      const isOffered = await item.waitFor({ timeout: 2000 }).then(() => true, () => false);
      // A menu that has just opened ignores clicks, so that a slow right click does not choose.
      for (let attempt = 0; isOffered && attempt < 20 && (await item.isVisible()); attempt++) {
        await item.click({ timeout: 500 }).catch(() => undefined);
      }
      const isChosen = (await this.page.evaluate<string | null>('dvpChosen')) === entry && !(await item.isVisible());
      if (!isChosen) {
        await this.page.keyboard.press('Escape');
      }
      return isChosen;
    }, `The menu never offered "${entry}".`);
  }

  async stop(machine: Locator): Promise<void> {
    await this.choose(machine, 'Stop');
    await this.answer('Stop');
  }

  /** Points at a row until its tooltip says `text`: a row that is drawn anew takes its tooltip with it. */
  async pointAt(row: Locator, text: string): Promise<void> {
    const said = this.page.locator('.monaco-hover:visible').getByText(text).first();
    await poll(async () => {
      await this.page.mouse.move(900, 400);
      await row.hover();
      return said.waitFor({ timeout: 5000 }).then(() => true, () => false);
    }, `The tooltip never said "${text}".`);
  }

  /** Presses a button of the dialog that asks, and returns what the dialog said. */
  async answer(button: string): Promise<string> {
    const dialog = this.page.locator('.monaco-dialog-box');
    const text = await dialog.locator('.dialog-message-container').innerText();
    await dialog.locator('.monaco-button', { hasText: button }).click();
    await dialog.waitFor({ state: 'hidden' });
    return text;
  }

  /** Waits until the accessible text of a row, which names label, health and description, matches. */
  async waitForText(row: Locator, pattern: RegExp): Promise<void> {
    let last: string | null = null;
    await poll(async () => {
      last = await row.getAttribute('aria-label', { timeout: 2000 }).catch(() => null);
      return last !== null && pattern.test(last);
    }, () => `Expected a row that says ${String(pattern)}; it says "${last ?? 'nothing'}".`);
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.run('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget input');
    await this.page.locator('.quick-input-widget input[placeholder*="Color Theme"]').waitFor();
    await input.fill(theme);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: theme }).first().click();
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench[class*="-${themes[theme]}-json"]`).waitFor();
  }

  /** Keeps what is seen as `test-results/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    // Away from whatever shows a hint under the pointer.
    await this.page.mouse.move(900, 400);
    await this.page.locator('.monaco-hover:visible').waitFor({ state: 'detached', timeout: 3000 }).catch(() => undefined);
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }
}

/** The page of the only panel that a window shows; those behind other tabs are hidden. */
export function webviewOf(window: Page): FrameLocator {
  return window.frameLocator('iframe.webview:visible').frameLocator('iframe#active-frame');
}

/** As `until`, asking a page, which is kept from its work by every question. */
export function poll<T>(look: () => T | Promise<T>, what: string | (() => string), limitMs = 60_000): ReturnType<typeof until<T>> {
  return until(look, what, limitMs, 100);
}

/** Also the name under which VS Code's service worker hands an extension's own files to a webview; nobody is asked over it. */
function isHere(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || host.startsWith('127.') || host.endsWith('.vscode-resource.vscode-cdn.net');
}
