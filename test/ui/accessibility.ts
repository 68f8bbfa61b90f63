import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { FrameLocator, Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** A webview is no page of its own. */
const landmarks: readonly string[] = ['region', 'landmark-one-main'];

/** The colours of a terminal are the user's. */
const others: readonly string[] = ['.xterm-rows'];

/** Fails with what axe finds in a webview: contrast, names, roles, keyboard; `except` names rules that cannot be asked about. */
export async function isAccessible(view: FrameLocator | Page, except: readonly string[] = []): Promise<void> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const options = { rules: Object.fromEntries([...landmarks, ...except].map((rule) => [rule, { enabled: false }])) };
  // One expression, because every call may run in another world of the page.
  const found = await view.locator('body').evaluate(`${axe};\naxe.run({ include: ['body'], exclude: ${JSON.stringify(others)} }, ${JSON.stringify(options)}).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => ({ id, nodes }))))`);
  const violations = JSON.parse(String(found)) as readonly Violation[];
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary = '' }) => `${html.slice(0, 200)} ${failureSummary}`).join('\n')}`), []);
}
