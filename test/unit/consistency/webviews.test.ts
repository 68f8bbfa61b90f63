import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/paths';

/** What is wrong with a source file that makes a webview's page or runs in one. */
function faultsOf(file: string, text: string): string[] {
  const runsInPage = /^webviews[\\/]/.test(file);
  const makesPage = /<html[\s>]|<!doctype html/i.test(text);
  const policy = /default-src[^`\n]*/.exec(text)?.[0] ?? '';
  const rules: readonly (readonly [boolean, string])[] = [
    [makesPage && !/http-equiv="Content-Security-Policy"/.test(text), 'a page without a policy'],
    [makesPage && !policy.startsWith('default-src \'none\''), 'a policy that does not begin with nothing at all'],
    [/'unsafe-eval'|'wasm-unsafe-eval'/.test(text), 'code made from text is allowed'],
    [/script-src[^;`\n]*'unsafe-inline'/.test(text), 'inline scripts are allowed'],
    [/connect-src(?!\s+'none')/.test(text), 'connections from a page are allowed'],
    [makesPage && /<script(?![^>]*\bnonce=)/.test(text), 'a script without a nonce'],
    [(makesPage || runsInPage) && /(?:https?|wss?):\/\/(?!www\.w3\.org\/)/.test(text), 'something remote'],
    [runsInPage && /\b(?:eval|Function|fetch|importScripts)\s*\(|\b(?:XMLHttpRequest|WebSocket|EventSource)\b/.test(text), 'code from text, or a connection of its own'],
    [/\.webview\.html\s*=/.test(text) && !/\.webview\.html\s*=\s*pageOf\(/.test(text), 'a page that is not made in the one place for pages'],
  ];
  return rules.flatMap(([applies, fault]) => (applies ? [`${file}: ${fault}`] : []));
}

test('F35: pages of webviews allow nothing but their own script by nonce, and nothing remote', () => {
  const files = globSync(['src/vscode/**/*.ts', 'webviews/**/*.{ts,html,css}'], { cwd: root });
  assert.ok(files.length > 10, 'there is something to look at');
  assert.deepEqual(files.flatMap((file) => faultsOf(file, readFileSync(path.join(root, file), 'utf8'))), []);
});

const good = '<!DOCTYPE html><html><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; script-src \'nonce-${nonce}\'"><script nonce="${nonce}" src="${file}"></script></html>';

test('F35: the check has nothing against a page as it should be', () => {
  assert.deepEqual(faultsOf('src/vscode/panels/panel.ts', good), []);
});

for (const [what, file, text] of [
  ['no policy', 'src/vscode/x.ts', '<html><body></body></html>'],
  ['a policy that begins with more', 'src/vscode/x.ts', good.replace('default-src \'none\'', 'default-src \'self\'')],
  ['code made from text', 'src/vscode/x.ts', good.replace('script-src', 'script-src \'unsafe-eval\'')],
  ['inline scripts', 'src/vscode/x.ts', good.replace('script-src', 'script-src \'unsafe-inline\'')],
  ['connections', 'src/vscode/x.ts', good.replace('script-src', 'connect-src https:; script-src')],
  ['a script without a nonce', 'src/vscode/x.ts', good.replace('<script nonce="${nonce}"', '<script')],
  ['a remote script', 'src/vscode/x.ts', good.replace('${file}', 'https://example.org/x.js')],
  ['a page made elsewhere', 'src/vscode/x.ts', 'panel.webview.html = `<p>`;'],
  ['a page that asks somebody', 'webviews/console/main.ts', 'void fetch(address);'],
  ['a page that evaluates', 'webviews/console/main.ts', 'eval(text);'],
  ['a style from elsewhere', 'webviews/console/main.css', '@import "https://example.org/x.css";'],
] as const) {
  test(`F35: the check finds ${what}`, () => {
    assert.notDeepEqual(faultsOf(file, text), []);
  });
}
