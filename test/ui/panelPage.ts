import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/paths';
import type { PanelName } from '../../src/protocol/panels';
import { pageText } from '../../src/vscode/panels/pageText';
import { poll } from './editor';

const origin = 'https://panel.test';

/** What a page says, with bytes as Buffers. */
export interface Said { readonly type: string; readonly bytes?: Buffer | number; readonly session?: number; readonly text?: string; readonly url?: string; readonly image?: string; readonly purpose?: string; readonly choice?: { readonly scale: string } }

/** The page of a panel as the extension makes it, with a test in the place of the extension. */
export interface PanelPage {
  readonly page: Page;
  /** Oldest first. */
  readonly said: readonly Said[];
  /** What the policy of the page has refused: directive and address. */
  readonly refused: readonly string[];
  /** `bytes` arrive as an `ArrayBuffer`. */
  readonly say: (message: object) => Promise<void>;
  /** The first message of this type from now on, or that was there already. */
  readonly heard: (type: string) => Promise<Said>;
  close(): Promise<void>;
}

export interface PanelPageOptions {
  /** What VS Code would put there. */
  readonly bodyClass?: string;
  /** Runs before anything else. */
  readonly script?: string;
  readonly onSaid?: (message: Said) => void;
}

/** Opens it and waits for `ready`. */
export async function openPanelPage(browser: Browser, panel: PanelName, { bodyClass = '', script = '', onSaid = () => undefined }: PanelPageOptions = {}): Promise<PanelPage> {
  const said: Said[] = [];
  const refused: string[] = [];
  const context = await browser.newContext({ viewport: { width: 700, height: 400 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.route(() => true, async (route) => {
    const url = new URL(route.request().url());
    const name = url.pathname.slice(1);
    if (url.origin !== origin) {
      await route.abort();
    } else if (name === '') {
      const text = pageText({ script: 'main.js', style: 'main.css', folder: `${origin}/`, source: origin, title: panel });
      await route.fulfill({ contentType: 'text/html', body: text.replace('<body>', `<body class="${bodyClass}">`) });
    } else {
      const body = await readFile(path.join(root, 'dist/webviews', panel, name)).catch(() => '');
      await route.fulfill({ contentType: name.endsWith('.css') ? 'text/css' : 'text/javascript', body });
    }
  });
  await page.exposeFunction('heard', (text: string) => {
    const { base64, ...rest } = JSON.parse(text) as Said & { readonly base64?: string };
    const message = { ...rest, ...(base64 !== undefined && { bytes: Buffer.from(base64, 'base64') }) };
    said.push(message);
    onSaid(message);
  });
  await page.exposeFunction('refused', (text: string) => void refused.push(text));
  await page.addInitScript(`${script};
    const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    const encode = ({ bytes, ...rest }) => JSON.stringify(ArrayBuffer.isView(bytes) ? { ...rest, base64: base64(bytes) } : { ...rest, bytes });
    globalThis.acquireVsCodeApi = () => ({ postMessage: (message) => globalThis.heard(encode(message)), getState: () => undefined, setState: () => undefined });
    globalThis.say = ({ base64, ...rest }) => window.postMessage(base64 === undefined ? rest : { ...rest, bytes: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer });
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => globalThis.refused(effectiveDirective + ' ' + blockedURI));
  `);
  await page.goto(`${origin}/`);
  const heard = async (type: string) => {
    await poll(() => Promise.resolve(said.some((message) => message.type === type)), `The page never said "${type}".`);
    return said.findLast((message) => message.type === type) as Said;
  };
  await heard('ready');
  return {
    page, said, refused, heard,
    say: (message) => {
      const { bytes, ...rest } = message as { readonly bytes?: unknown };
      return page.evaluate((one) => (globalThis as unknown as { say(message: object): void }).say(one), Buffer.isBuffer(bytes) ? { ...rest, base64: bytes.toString('base64') } : message);
    },
    close: () => context.close(),
  };
}
