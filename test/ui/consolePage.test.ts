import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../scripts/browser';
import { consoleStatus } from '../../src/vscode/panels/consoleStatus';
import { consoleTexts } from '../../src/vscode/panels/consoleTexts';
import { isAccessible } from './accessibility';
import { poll } from './editor';
import { linkStates } from './linkStates';
import { openPanelPage, type PanelPage } from './panelPage';

const options = { fontFamily: 'monospace', fontSize: 14, lineHeight: 1, cursorBlink: false, scrollback: 1000 };
const evil = '<img src="https://evil.test/x" onerror="document.title=\'broken\'"><script>document.title="broken"</script>';

describe('the page of a console, with no editor around it', () => {
  let browser: Browser;
  let console: PanelPage;

  before(async () => {
    browser = await launchBrowser(await findBrowser() ?? assert.fail('There is no browser.'));
  });
  after(() => browser?.close());
  beforeEach(async () => {
    // What a terminal shows is in the page as text only for screen readers.
    console = await open();
  });
  afterEach(() => console?.close());

  const open = async (script = '') => {
    const opened = await openPanelPage(browser, 'console', { bodyClass: 'vscode-using-screen-reader', script });
    await opened.say({ type: 'setup', state: { context: 'c', namespace: 'n', name: 'web-01', id: '0' }, texts: consoleTexts('web-01'), options });
    await opened.page.locator('.xterm').waitFor();
    return opened;
  };
  const prints = (text: string) => console.say({ type: 'data', bytes: Buffer.from(text) });
  const shows = (text: string) => console.page.locator('.xterm-accessibility-tree', { hasText: text }).waitFor();
  const inputs = () => console.said.filter(({ type }) => type === 'input').map(({ text }) => text);
  const paste = (text: string) => console.page.locator('.xterm-helper-textarea').evaluate((element, data) => {
    const { DataTransfer, ClipboardEvent } = globalThis as unknown as { DataTransfer: new () => { setData(type: string, text: string): void }; ClipboardEvent: new (type: string, init: object) => Event };
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    (element as unknown as EventTarget).dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);

  test('F37: whatever the cluster says about the machine is text', async () => {
    await console.say({ type: 'status', status: { phase: 'held', line: evil, overlay: { title: evil, detail: evil, actions: [{ intent: 'takeOver', label: evil }] } } });
    await console.page.locator('.overlay h2', { hasText: '<img src=' }).waitFor();
    await console.say({ type: 'recording', notice: evil });
    await console.page.locator('.notice', { hasText: '<script>' }).waitFor();
    await console.page.locator('.overlay vscode-button').click();
    await console.heard('takeOver');
    assert.deepEqual([await console.page.locator('img, .stage script, .notice script').count(), await console.page.title(), console.refused], [0, 'console', []]);
  });

  test('F37: what the extension never says changes nothing', async () => {
    for (const message of [{ type: 'data', bytes: 'text' }, { type: 'restart' }, { type: 'eval', text: 'x' }, { type: 'status' }, { type: 'options' }, { type: 'paste', text: 7 }, { type: 'play', cast: {} }]) {
      await console.say(message);
    }
    await prints('still there');
    await shows('still there');
    assert.deepEqual(inputs(), []);
  });

  test('F27: nothing that the machine prints is answered, becomes a title, or gets to the clipboard', async () => {
    await prints('\x1b[c\x1b[>c\x1b[5n\x1b[6n\x1b]0;broken\x07\x1b]2;broken\x07\x1b]52;c;YnJva2Vu\x07\x1b]52;c;?\x07\x1b]11;?\x07\x1bP$qm\x1b\\\x1b[?1$p\x1b[21tend of it');
    await shows('end of it');
    assert.deepEqual([inputs(), await console.page.title(), console.said.some(({ type }) => type === 'copy')], [[], 'console', false]);
  });

  test('F25: several lines are asked about, unless the machine says that it takes them as one', async () => {
    await paste('one line');
    await poll(() => Promise.resolve(inputs().join('') === 'one line'), 'It was not pasted.');
    await paste('rm -rf /\nreboot\n');
    assert.equal((await console.heard('paste')).text, 'rm -rf /\nreboot\n');
    assert.equal(inputs().join(''), 'one line');
    await console.say({ type: 'paste', text: 'agreed\nto' });
    await poll(() => Promise.resolve(inputs().join('') === 'one lineagreed\rto'), () => `Typed was ${JSON.stringify(inputs())}.`);
    await prints('\x1b[?2004hbracketed');
    await shows('bracketed');
    await paste('a\nb');
    await poll(() => Promise.resolve(inputs().at(-1) === '\x1b[200~a\rb\x1b[201~'), () => `Typed was ${JSON.stringify(inputs())}.`);
  });

  test('a click counts whatever is written anew between press and release, and what is offered keeps the focus', async () => {
    const { page } = console;
    const clickWhile = async (button: Locator, meanwhile: () => Promise<unknown>) => {
      await button.hover();
      await page.mouse.down();
      await meanwhile();
      await page.mouse.up();
    };
    await console.say({ type: 'recording', startMs: Date.now() });
    const label = await page.locator('.record').innerText();
    await clickWhile(page.locator('.record'), () => page.locator('.record').filter({ hasNotText: label }).waitFor());
    await console.heard('record');
    const held = async (detail: string) => {
      await console.say({ type: 'status', status: { phase: 'held', line: 'taken', overlay: { title: 'Taken', detail, actions: [{ intent: 'wait', label: 'Wait' }, { intent: 'takeOver', label: 'Take over' }] } } });
      await page.locator('.overlay').getByText(detail).waitFor();
    };
    await held('by bob');
    const takeOver = page.getByRole('button', { name: 'Take over' });
    await clickWhile(takeOver, () => held('by bob, since noon'));
    await console.heard('takeOver');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await held('by carol');
    await page.keyboard.press('Enter');
    await poll(() => Promise.resolve(console.said.filter(({ type }) => type === 'takeOver').length === 2), 'The focus was lost.');
    await console.say({ type: 'play', cast: { title: 'A recording', columns: 80, rows: 24, events: [[0, 'o', 'begin'], [600, 'o', 'end']] } });
    const position = page.getByRole('slider');
    const before = await position.inputValue();
    await clickWhile(page.getByRole('button', { name: 'Pause' }), () => poll(async () => await position.inputValue() !== before, 'It was never played.'));
    await page.locator('.player').getByRole('button', { name: 'Play' }).waitFor();
  });

  test('whatever its connection does, a screen reader and the keyboard have all of it', async () => {
    for (const state of linkStates) {
      const status = consoleStatus({ state, phase: 'Running', node: 'node-1', lost: undefined, name: 'web-01' });
      await console.say({ type: 'status', status });
      await console.page.locator('.state', { hasText: status.line.replace('{0}', '0') }).waitFor();
      // Colours come from the editor.
      await isAccessible(console.page, ['color-contrast']);
      if (status.overlay) {
        await console.page.getByRole('dialog', { name: status.overlay.title }).getByRole('button').first().focus();
        await console.page.keyboard.press('Enter');
        await console.heard(status.overlay.actions[0]?.intent ?? assert.fail());
      }
    }
  });

  test('what is not found is told until something is found', async () => {
    await prints('a needle in hay');
    await shows('needle');
    const field = console.page.locator('vscode-text-field input');
    const hint = console.page.locator('.hint', { hasText: 'Not found' });
    await field.fill('thread');
    await field.press('Enter');
    await hint.waitFor();
    await field.fill('needle');
    await field.press('Enter');
    await hint.waitFor({ state: 'detached', timeout: 3000 });
    await field.press('Escape');
    await console.page.locator('.xterm.focus').waitFor();
  });

  test('F24: what is typed without a connection is said to be lost', async () => {
    await console.say({ type: 'dropped' });
    await console.page.locator('.hint', { hasText: 'not sent' }).waitFor();
  });

  test('F26: everything is acknowledged byte for byte, also what makes no sense', async () => {
    const before = console.said.length;
    const pieces = [Buffer.alloc(70_000, 0xff), Buffer.from('\x1b]0;never ended'), Buffer.from([0x80, 0xc3, 0x28, 0x18]), Buffer.from('fine again')];
    for (const bytes of pieces) {
      await console.say({ type: 'data', bytes });
    }
    await shows('fine again');
    const consumed = () => console.said.slice(before).filter(({ type }) => type === 'consumed').reduce((sum, { bytes }) => sum + (bytes as number), 0);
    await poll(() => Promise.resolve(consumed() === pieces.reduce((sum, { length }) => sum + length, 0)), () => `${consumed()} bytes were acknowledged.`);
  });

  test('F30: when the graphics card takes its context away, the text is drawn on without it', async (context) => {
    await console.close();
    // A processor that plays the card will do for this.
    console = await open(`
      const { getContext } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.getContext = function (kind, { failIfMajorPerformanceCaveat, ...rest } = {}) { return getContext.call(this, kind, rest); };
      const { getParameter } = WebGL2RenderingContext.prototype;
      WebGL2RenderingContext.prototype.getParameter = function (name) { return name === 0x9246 ? 'A card' : getParameter.call(this, name); };
    `);
    const renderer = () => console.page.locator('.screen').getAttribute('data-renderer');
    await console.page.locator('.screen[data-renderer]').waitFor();
    if (await console.page.evaluate(`document.createElement('canvas').getContext('webgl2') === null`)) {
      context.skip('this browser has no WebGL');
      return;
    }
    assert.deepEqual([await renderer(), console.refused], ['webgl', []], 'what draws on the card came in a bundle of its own');
    await prints('before the loss\r\n');
    await shows('before the loss');
    await console.page.evaluate(`[...document.querySelectorAll('.xterm canvas')].forEach((canvas) => canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext())`);
    await poll(async () => (await renderer()) === 'dom', 'It never gave the graphics card up.');
    await prints('after the loss');
    const rows = console.page.locator('.xterm-rows');
    await rows.getByText('before the loss').waitFor();
    await rows.getByText('after the loss').waitFor();
    await console.page.locator('.xterm-helper-textarea').focus();
    await console.page.keyboard.type('x');
    await poll(() => Promise.resolve(inputs().join('') === 'x'), 'A key was lost.');
  });
});
