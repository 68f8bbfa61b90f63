import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../scripts/browser';
import { systemClock } from '../../src/base/timing';
import { RfbHandshake, type RfbViewer } from '../../src/cluster/rfbHandshake';
import { screenStatus, screenTexts } from '../../src/vscode/panels/vncTexts';
import { SimulatedGuest } from '../cluster/platform/lower/simulatedGuest';
import { isAccessible } from './accessibility';
import { poll } from './editor';
import { linkStates } from './linkStates';
import { openPanelPage, type PanelPage } from './panelPage';

describe('the page of a screen, with a machine behind it and no editor around it', () => {
  let browser: Browser;
  let panel: PanelPage;
  let page: Page;
  let say: PanelPage['say'];
  let heard: PanelPage['heard'];
  let guest: SimulatedGuest;
  let said: PanelPage['said'];
  let stream: Duplex | undefined;
  let session: number;

  before(async () => {
    browser = await launchBrowser(await findBrowser() ?? assert.fail('There is no browser.'));
  });
  after(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    guest = new SimulatedGuest({ name: 'web-01', clock: systemClock });
    session = 0;
    panel = await openPanelPage(browser, 'vnc', {
      onSaid: (message) => {
        if (message.type === 'send' && message.session === session && Buffer.isBuffer(message.bytes)) {
          stream?.write(message.bytes);
        }
      },
    });
    ({ page, said, say, heard } = panel);
    await page.setViewportSize({ width: 960, height: 400 });
    await say({ type: 'setup', state: {}, texts: screenTexts('web-01'), choice: { scale: 'fit', layout: 'us', switchWith: 'none', startsIn: 'latin' }, combinations: [] });
  });

  const data = (bytes: Buffer, of = session) => say({ type: 'data', session: of, bytes });
  const open = async () => {
    const own = guest.screen();
    stream = own;
    session++;
    await say({ type: 'open', session });
    const of = session;
    own.on('data', (bytes: Buffer) => void data(bytes, of).catch(() => undefined));
    own.on('error', () => undefined);
  };
  const canvas = () => page.locator('canvas:not(.still)');
  const isLive = () => poll(async () => (await canvas().count()) === 1 && (await colour()) > 0x80, 'There was never a picture.');
  /** Blue of the first pixel, which belongs to the light line of status. */
  const colour = () => canvas().evaluate((element: unknown) => (element as { getContext(kind: '2d'): { getImageData(x: number, y: number, w: number, h: number): { data: number[] } } }).getContext('2d').getImageData(0, 0, 1, 1).data[2] ?? 0);
  const close = async () => {
    stream?.destroy();
    guest.dispose();
    await panel.close();
  };

  test('F29: a screenshot has the machine\'s pixels, however the picture is scaled', async () => {
    await open();
    await isLive();
    const box = await canvas().boundingBox();
    assert.ok(box && box.height <= 400);
    await page.getByRole('button', { name: 'Screenshot' }).click();
    await page.getByRole('menuitem', { name: 'Save as file…' }).click();
    const { bytes } = await heard('screenshot');
    assert.ok(Buffer.isBuffer(bytes));
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [guest.display.pixels.length / 400, 400]);
    assert.match((await heard('thumbnail')).image ?? '', /^data:image\/jpeg/);
    await close();
  });

  test('whatever its connection does, a screen reader and the keyboard have all of it', async () => {
    for (const state of linkStates) {
      if (state.phase === 'open') {
        await open();
        await isLive();
        await page.getByRole('button', { name: 'View only' }).click();
      }
      const status = screenStatus({ state, phase: 'Running', node: 'node-1', lost: undefined, name: 'web-01' });
      await say({ type: 'status', status });
      await page.locator('.state', { hasText: status.line.replace('{0}', '0') }).waitFor();
      // Colours come from the editor.
      await isAccessible(page, ['color-contrast']);
      if (status.overlay) {
        await page.getByRole('dialog', { name: status.overlay.title }).getByRole('button').first().focus();
        await page.keyboard.press('Enter');
        await heard(status.overlay.actions[0]?.intent ?? assert.fail());
      }
    }
    await close();
  });

  test('the machine takes the size of the panel when asked to, and follows it', async () => {
    await open();
    await isLive();
    await page.getByRole('combobox', { name: 'Size of the picture' }).click();
    await page.getByRole('option', { name: 'Fit the machine to the panel' }).click();
    const isWide = (width: number) => poll(async () => Number(await canvas().getAttribute('width')) === width && (await colour()) > 0x80, `The screen was never ${width} pixels wide.`);
    await isWide(960);
    assert.equal((await heard('choice')).choice?.scale, 'resize');
    // Themes may have no colour of their own for what is chosen: white on a light ground cannot be read.
    assert.notEqual(await page.locator('vscode-option[aria-selected="true"]').first().evaluate((option: unknown) => (globalThis as unknown as { getComputedStyle(element: unknown): { color: string } }).getComputedStyle(option).color), 'rgb(255, 255, 255)');
    await page.setViewportSize({ width: 1100, height: 500 });
    await isWide(1100);
    assert.equal(guest.display.width, 1100);
    await close();
  });

  test('F29: in a narrow panel the toolbar stays one line, and what has no room is behind "More", for the keyboard too', async () => {
    await page.setViewportSize({ width: 420, height: 400 });
    await open();
    await isLive();
    const more = page.getByRole('button', { name: 'More' });
    const full = page.getByRole('button', { name: 'Full panel' });
    await more.waitFor();
    assert.ok((await page.getByRole('toolbar').boundingBox() ?? assert.fail()).height < 40);
    assert.equal(await full.isVisible(), false);
    await more.focus();
    await page.keyboard.press('Enter');
    await full.waitFor();
    assert.ok(await page.locator('.controls vscode-button:focus').isVisible(), 'the keyboard is among them');
    await page.getByRole('button', { name: 'Keys' }).click();
    const keys = page.getByRole('menu', { name: 'Keys' });
    const box = await keys.boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 420, 'the list stays in the page');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await full.waitFor({ state: 'hidden' });
    assert.ok(await more.evaluate((element: unknown) => (element as { matches(selector: string): boolean }).matches(':focus')));
    await page.setViewportSize({ width: 1200, height: 400 });
    await full.waitFor();
    assert.equal(await more.isVisible(), false);
    await close();
  });

  for (const [what, bytes] of [
    ['another protocol', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
    ['a message that does not exist', Buffer.concat([Buffer.from([0x77]), Buffer.alloc(64, 0x77)])],
    ['an encoding that does not exist', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0, 8, 0x7f, 0x7f, 0x7f, 0x7f])],
    ['a broken compression', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0, 8, 0, 0, 0, 6, 0, 0, 0, 4, 1, 2, 3, 4])],
  ] as const) {
    test(`rubbish ends the session and is told: ${what}`, async () => {
      if (what === 'another protocol') {
        session++;
        await say({ type: 'open', session });
      } else {
        await open();
        await isLive();
        stream?.removeAllListeners('data');
      }
      await data(bytes);
      assert.equal((await heard('broken')).session, session);
      const count = said.length;
      await data(Buffer.alloc(4096, 0xff));
      assert.equal(said.slice(count).filter(({ type }) => type === 'send').length, 0);
      await close();
    });
  }

  test('between sessions the last picture stays, and the next session takes its place; bytes of the old one change nothing', async () => {
    await open();
    await isLive();
    await say({ type: 'close', session });
    await page.locator('canvas.still').waitFor();
    await data(Buffer.from('RFB 003.008\n'));
    await page.keyboard.type('x');
    stream?.destroy();
    await open();
    await isLive();
    assert.equal(await page.locator('canvas.still').count(), 0);
    assert.equal(said.some(({ type }) => type === 'broken'), false);
    await close();
  });

  test('what the extension says to a machine in its place is what it says itself', async () => {
    const viewer: RfbViewer = {};
    const handshake = () => {
      const one = new RfbHandshake(viewer);
      const size = Buffer.alloc(4);
      size.writeUInt16BE(guest.display.width);
      size.writeUInt16BE(guest.display.height, 2);
      one.take(Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.from([1, 1, 0, 0, 0, 0]), size, Buffer.alloc(20)]));
      return one;
    };
    await open();
    await isLive();
    const begin = Buffer.concat(said.flatMap(({ type, bytes }) => (type === 'send' && Buffer.isBuffer(bytes) ? [bytes] : [])));
    handshake().rest(begin);
    const length = 12 + 1 + 1 + 20 + (viewer.encodings ?? assert.fail('no encodings')).length + 10;
    assert.ok(begin.length >= length);
    assert.equal(handshake().rest(begin.subarray(0, length)).length, 0);
    await close();
  });

  test('a panel that nobody sees asks for no pictures, and asks again when it is seen', async () => {
    await open();
    await isLive();
    const requests = () => said.filter(({ type, bytes }) => type === 'send' && Buffer.isBuffer(bytes) && bytes[0] === 3 && bytes.length === 10).length;
    await say({ type: 'visible', isVisible: false });
    guest.ttys[1].type('\r');
    const count = requests();
    // At most the request that was under way is answered.
    for (let line = 0; line < 5; line++) {
      guest.ttys[1].type('\r');
    }
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 300))');
    assert.equal(requests(), count);
    await say({ type: 'visible', isVisible: true });
    await poll(() => Promise.resolve(requests() > count), 'No picture was asked for.');
    await close();
  });

  test('who only looks sends no key and no pointer; typing a text can be stopped, and says how far it came', async () => {
    await open();
    await isLive();
    await page.getByRole('button', { name: 'View only' }).click();
    const sent = () => said.filter(({ type, bytes }) => type === 'send' && Buffer.isBuffer(bytes) && [4, 5, 255].includes(bytes[0] ?? 0)).length;
    const none = sent();
    await canvas().click();
    await page.keyboard.type('abc');
    assert.equal(sent(), none);
    assert.ok(await page.getByRole('button', { name: 'Type text…' }).isDisabled());
    await page.getByRole('button', { name: 'View only' }).click();

    await page.getByRole('button', { name: 'Type text…' }).click();
    assert.equal((await heard('readClipboard')).purpose, 'type');
    await say({ type: 'clipboard', purpose: 'type', text: `ä${'x'.repeat(2000)}` });
    await page.getByText('This keyboard cannot type: ä').waitFor();
    await page.getByRole('button', { name: 'Type without them' }).click();
    await poll(() => Promise.resolve(sent() > none + 4), 'Nothing was typed.');
    await page.keyboard.press('Escape');
    await page.getByText(/^Typing stopped after \d+ of 2000/).waitFor();
    const stopped = sent();
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 200))');
    assert.equal(sent(), stopped);
    await close();
  });

  test('what the machine copies goes to the user only when taken', async () => {
    await open();
    await isLive();
    guest.clipboard = 'from the machine';
    guest.onCopy(guest.clipboard);
    await page.getByText('The machine copied something.').waitFor();
    assert.equal(said.some(({ type }) => type === 'copy'), false);
    await page.getByRole('button', { name: 'Clipboard', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Take what the machine copied (16 characters)' }).click();
    assert.equal((await heard('copy')).text, 'from the machine');
    await close();
  });
});
