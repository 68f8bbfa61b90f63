import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../scripts/browser';
import type { PanelName } from '../../src/protocol/panels';
import { pageText } from '../../src/vscode/panels/pageText';
import { poll } from './editor';
import { openPanelPage } from './panelPage';

const parts = { script: 'https://files.test/main.js', style: 'https://files.test/main.css', folder: 'https://files.test/', source: 'https://files.test', title: 'web-01' };
const nonceOf = (page: string) => /'nonce-([^']+)'/.exec(page)?.[1] ?? '';

test('F35: the policy of a page is exactly this: nothing but the script by its nonce, and files of the extension', () => {
  const page = pageText(parts);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.replace(nonceOf(page), 'N');
  assert.deepEqual(policy?.split('; '), [
    'default-src \'none\'', 'script-src \'nonce-N\'', 'style-src https://files.test \'unsafe-inline\'', 'font-src https://files.test', 'img-src https://files.test data:',
  ]);
  assert.deepEqual(page.match(/<script[^>]*>/g), [`<script type="module" nonce="${nonceOf(page)}" src="https://files.test/main.js">`]);
  assert.ok(page.indexOf('Content-Security-Policy') < page.indexOf('<link'), 'the policy comes before what it is about');
});

test('F35: a page with its bundle in it has the same policy, and its script the same nonce', () => {
  const page = pageText({ ...parts, inline: { script: 'run();', style: 'p { margin: 0; }' } });
  assert.equal(/content="(default-src[^"]+)"/.exec(page)?.[1]?.replace(nonceOf(page), 'N'), /content="(default-src[^"]+)"/.exec(pageText(parts))?.[1]?.replace(/'nonce-[^']+'/, '\'nonce-N\''));
  assert.deepEqual(page.match(/<script.*?<\/script>/g), [`<script type="module" nonce="${nonceOf(page)}">run();</script>`]);
  assert.doesNotMatch(page, /src=|href=/);
});

test('F37: where further bundles are is text, in both kinds of pages', () => {
  for (const page of [pageText({ ...parts, folder: 'https://files.test/"><script>' }), pageText({ ...parts, folder: 'https://files.test/"><script>', inline: { script: '', style: '' } })]) {
    assert.match(page, /<html data-folder="https:\/\/files\.test\/&#34;&#62;&#60;script&#62;">/);
    assert.equal(page.match(/<script/g)?.length, 1);
  }
});

test('F35: a nonce is never used twice and cannot be guessed', () => {
  const nonces = new Set(Array.from({ length: 100 }, () => nonceOf(pageText(parts))));
  assert.equal(nonces.size, 100);
  nonces.forEach((nonce) => assert.equal(Buffer.from(nonce, 'base64url').length, 16));
});

test('F37: whatever a title says is text', () => {
  const page = pageText({ ...parts, title: '</title><script>alert("1")</script><img src=x onerror=\'1\'>&amp;' });
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.doesNotMatch(page, /<img/);
  assert.match(page, /<title>[^<>"']+<\/title>/);
});

/** A page for each name, or the compiler complains. */
const panels: Readonly<Record<PanelName, true>> = { console: true, vnc: true, evacuation: true, migration: true };

describe('F35: code from text, scripts without the nonce, connections and pictures from elsewhere are refused', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser(await findBrowser() ?? assert.fail('There is no browser.'));
  });
  after(() => browser?.close());

  for (const panel of Object.keys(panels) as PanelName[]) {
    test(panel, async () => {
      const opened = await openPanelPage(browser, panel);
      assert.deepEqual(opened.refused, [], 'the page itself needs none of it');
      // In a turn of its own: what a test evaluates may do more than the page.
      await opened.page.evaluate(`setTimeout(() => {
        const add = (name, fields) => document.body.append(Object.assign(document.createElement(name), fields));
        add('script', { textContent: 'document.title = "broken"' });
        add('script', { src: 'https://evil.test/x.js' });
        add('img', { src: 'https://evil.test/x.png' });
        add('iframe', { src: 'https://evil.test/' });
        add('p', { innerHTML: '<b onclick="document.title = 1">' });
        fetch('https://evil.test/').catch(() => undefined);
        try { new WebSocket('wss://evil.test/'); } catch { /* refused at once */ }
        setTimeout('document.title = "broken"', 0);
      })`);
      const wanted = ['script-src-elem inline', 'script-src-attr inline', 'script-src-elem https://evil.test/x.js', 'img-src https://evil.test/x.png', 'frame-src https://evil.test', 'connect-src https://evil.test/', 'connect-src wss://evil.test/', 'script-src eval'];
      await poll(() => wanted.every((one) => opened.refused.includes(one)), () => `Refused was only ${opened.refused.join(', ')}.`);
      assert.equal(await opened.page.title(), panel);
      await opened.close();
    });
  }
});
