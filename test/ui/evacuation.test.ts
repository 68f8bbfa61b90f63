import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { startCluster } from '../cluster/start';
import { Editor } from './editor';

const machines = 500;

test('a node that is emptied is followed to its end, and five hundred migrations do not flicker', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-evacuation-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startCluster({ evacuating: machines });
  await cluster.writeKubeconfig(kubeconfig);
  const editor = await Editor.open({ kubeconfig });
  const { page } = editor;
  const view = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  const head = view.locator('header');
  try {
    await editor.showClusters();
    const context = editor.row('admin');
    await context.waitFor();
    await editor.expand(context);
    await editor.row('fleet').waitFor();

    // The status bar leads to all of them.
    await page.locator('.statusbar-item', { hasText: /Evacuation: \d+ of \d+/ }).click();
    await view.locator('tbody tr').nth(machines - 1).waitFor({ state: 'attached' });
    await head.getByText(/\d+ of \d+ machines have moved\./).first().waitFor();
    await editor.screenshot('evacuation-1-all');
    const counted = await watch(view);
    assert.ok(counted.rows > 480 && counted.put < 40, JSON.stringify(counted));
    await head.getByRole('button', { name: /stay$/ }).click();
    await view.locator('tbody tr:visible', { hasText: 'ReadWriteOnce' }).first().waitFor();
    assert.equal(await view.locator('tbody tr.left:visible').count(), 0);
    await editor.screenshot('evacuation-2-stays');

    // A node of the company is drained and followed to the end.
    await cluster.admin.do('PATCH', '/api/v1/nodes/node-b2', { spec: { unschedulable: true }, metadata: { annotations: { 'update.node.deckhouse.io/draining': 'user' } } });
    await editor.run('Show migrations and evacuation');
    await editor.pick('node-b2');
    await head.getByText('Evacuation of node-b2').waitFor();
    await head.getByText('The node takes no new machines.').waitFor();
    await view.locator('tbody tr.moving', { hasText: 'db-02' }).waitFor();
    await view.locator('tbody tr.stays', { hasText: 'runner-06' }).waitFor();
    await editor.screenshot('evacuation-3-moving');
    await head.getByText('Nothing more leaves "node-b2" by itself; machines that stay: 1.').first().waitFor({ timeout: 90_000 });
    assert.equal(await view.locator('tbody tr.left').count(), 2);
    await editor.screenshot('evacuation-4-over');

    // By keyboard: the first row, then the next, then what it is about.
    await view.locator('tbody tr.stays button').focus();
    await page.keyboard.press('ArrowDown');
    const reached = await view.locator('tbody button:focus').innerText();
    assert.notEqual(reached, 'runner-06');
    for (const theme of ['Dark Modern', 'Dark High Contrast', 'Light High Contrast']) {
      await editor.setTheme(theme);
      await editor.screenshot(`evacuation-5-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
  } catch (error) {
    await editor.screenshot('evacuation-failed');
    throw error;
  } finally {
    await editor.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** How many rows there are, and how many were put anywhere while the cluster went on for some updates. */
async function watch(view: FrameLocator): Promise<{ readonly rows: number; readonly put: number }> {
  return view.locator('tbody').evaluate(counting);
}

/** Runs in the page. */
const counting = `(body) => new Promise((resolve) => {
  let put = 0;
  let updates = 0;
  const observer = new MutationObserver((records) => {
    updates++;
    put += records.filter(({ target }) => target === body).reduce((sum, { addedNodes }) => sum + addedNodes.length, 0);
    if (updates >= 20) {
      observer.disconnect();
      resolve({ rows: body.childElementCount, put });
    }
  });
  observer.observe(body, { childList: true, subtree: true, characterData: true });
})`;
