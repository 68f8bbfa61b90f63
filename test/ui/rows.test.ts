import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { ClusterUser } from './clusterUser';
import { withEditor } from './withEditor';

const machines = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines';

test('a command acts on the rows whose menu was opened, also while they are being read anew; on none when they have gone', () => withEditor({ name: 'rows' }, async ({ editor, page, kubeconfig }) => {
  await editor.openContext();
  const machine = editor.row('ledger-01');
  await editor.waitForText(machine, /Running/);
  const user = new ClusterUser(kubeconfig, 'admin');
  const create = (name: string) => user.do('POST', machines, {
    apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachine', metadata: { name },
    spec: { virtualMachineClassName: 'generic', cpu: { cores: 1 }, memory: { size: '1Gi' }, blockDeviceRefs: [{ kind: 'VirtualDisk', name }] },
  });

  /** An entry of the menu of a row, with the focus. A menu may close by itself when rows change, and a pointer that does not move chooses nothing. */
  const menuOf = async (row: Locator, entry: string, select?: () => Promise<unknown>) => {
    const item = page.locator('.monaco-menu .action-item').filter({ has: page.getByText(entry, { exact: true }) });
    const focused = page.locator('.monaco-menu .action-item.focused').filter({ has: page.getByText(entry, { exact: true }) });
    const isThere = (locator: Locator) => locator.waitFor({ timeout: 3000 }).then(() => true, () => false);
    for (let attempt = 0; attempt < 10; attempt++) {
      await select?.();
      await row.click({ button: 'right' });
      if (await isThere(item)) {
        await item.hover({ position: { x: 20 + attempt, y: 10 }, timeout: 3000 }).catch(() => undefined);
        if (await isThere(focused)) {
          return item;
        }
      }
      // Without a menu it would take the selection away.
      if (await page.locator('.monaco-menu').first().isVisible()) {
        await page.keyboard.press('Escape');
      }
    }
    throw new Error(`"${entry}" never had the focus in the menu of a row.`);
  };
  /** The page stands still while the extension hears of something, so that the choice is made before the page has read the rows again. */
  const chooseLate = async (item: Locator, meanwhile: () => Promise<unknown>) => {
    const chosen = item.evaluate((element: unknown) => {
      const endMs = Date.now() + 3000;
      let isLate = false;
      while (!isLate) {
        isLate = Date.now() > endMs;
      }
      (element as EventTarget).dispatchEvent(Object.assign(new Event('keydown', { bubbles: true, cancelable: true }), { key: 'Enter', code: 'Enter', keyCode: 13 }));
    });
    await meanwhile();
    await chosen;
  };

  const uncertain = page.locator('.notification-toast', { hasText: 'it is not certain which one was meant' });
  /** What the command asks. It may say first that it is not certain which row was meant. */
  const askedBy = async (row: Locator, entry: string, name: string, select?: () => Promise<unknown>): Promise<string> => {
    for (let attempt = 0; attempt < 5; attempt++) {
      await chooseLate(await menuOf(row, entry, select), () => create(`${name}-${attempt}`));
      await page.locator('.monaco-dialog-box').or(uncertain).first().waitFor();
      if (await page.locator('.monaco-dialog-box').isVisible()) {
        return editor.answer('Cancel');
      }
      await editor.run('Notifications: Clear All Notifications');
    }
    throw new Error('It was never certain which row was meant.');
  };

  assert.match(await askedBy(machine, 'Stop', 'beside'), /Stop "ledger-01"/);

  const selectTwo = async () => {
    await editor.row('db-01').click();
    await machine.click({ modifiers: ['Control'] });
  };
  assert.match(await askedBy(machine, 'Restart', 'with-two', selectTwo), /Restart 2 objects[^]*"db-01"[^]*"ledger-01"/);

  // Its neighbour inherits the focus.
  await editor.run('Notifications: Clear All Notifications');
  const item = await menuOf(editor.row('beside-0'), 'Delete');
  await user.do('DELETE', `${machines}/beside-0`);
  await editor.row('beside-0').waitFor({ state: 'detached' });
  await chooseLate(item, () => create('beside-it'));
  await uncertain.waitFor();
  assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
}));
