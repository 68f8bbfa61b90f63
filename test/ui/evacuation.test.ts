import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import type { AdminClient } from '../cluster/adminClient';
import { whyNoQemu } from '../cluster/platform/lower/qemu/images';
import { type Cluster, type ClusterOptions, startCluster } from '../cluster/start';
import { isAccessible } from './accessibility';
import { withEditor } from './withEditor';

const machines = 500;

test('five hundred migrations are in one table that does not flicker, in Russian', () => withEditor({ name: 'evacuation', language: 'ru', start: startWith({ evacuating: machines }) }, async ({ editor, page }) => {
  const view = editor.webview;
  const head = view.locator('header');
  await editor.showClusters('Кластеры');
  const context = editor.row('admin', 'Кластеры');
  await context.waitFor();
  await editor.expand(context);

  // The status bar leads to all of them.
  await page.locator('.statusbar-item', { hasText: /Эвакуация: \d+ из \d+/ }).click();
  await view.locator('tbody tr').nth(machines - 1).waitFor({ state: 'attached' });
  await head.getByText(/Перенесено машин: \d+ из \d+\./).first().waitFor();
  await editor.screenshot('evacuation-1-all');
  assert.deepEqual(await view.locator('thead button').evaluateAll((buttons: unknown) => (buttons as { scrollWidth: number; clientWidth: number; textContent: string }[]).filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => textContent)), []);
  const counted = await watch(view);
  assert.ok(counted.rows > 480 && counted.put < 40, JSON.stringify(counted));
  await head.getByRole('button', { name: /остаются$/ }).click();
  await view.locator('tbody tr:visible', { hasText: 'ReadWriteOnce' }).first().waitFor();
  assert.equal(await view.locator('tbody tr.left:visible').count(), 0);
  await editor.screenshot('evacuation-2-stays');
  await isAccessible(view);

  // By keyboard: a row, then the next.
  await view.locator('tbody tr:visible button').first().focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await view.locator('tbody button:focus').innerText(), await view.locator('tbody tr:visible button').nth(1).innerText());
}));

const why = whyNoQemu();

test(`a node that is drained is followed to its end, ${why === undefined ? 'with guests in QEMU' : 'simulated'}`, () => withEditor({
  name: 'drain', start: startWith({ world: 'empty', ...(why === undefined && { guest: 'qemu', qemu: { limit: 2, memoryMib: 96, migrationMibPerS: 16 } }) }, furnish),
}, async ({ editor, cluster }) => {
  const view = editor.webview;
  const head = view.locator('header');
  const row = (state: string, machine: string) => view.locator(`tbody tr.${state}`, { hasText: machine });
  await editor.openContext();
  await editor.expand(editor.row('Machines'));
  for (const name of ['moves-1', 'moves-2', 'stays-1']) {
    await editor.waitForText(editor.row(name), /Running/);
  }
  await cluster.admin.do('POST', '/api/v1/nodes', node('worker-2'));
  await cluster.admin.do('PATCH', '/api/v1/nodes/worker-1', { spec: { unschedulable: true }, metadata: { annotations: { 'update.node.deckhouse.io/draining': 'user' } } });
  await editor.run('Show migrations and evacuation');
  await editor.pick('worker-1');
  await head.getByText('Evacuation of worker-1').waitFor();
  await head.getByText('The node takes no new machines.').waitFor();
  await row('stays', 'stays-1').getByText(/can be used on one node only \(ReadWriteOnce\)/).waitFor();
  await row('moving', 'moves-').first().waitFor();
  await editor.screenshot('evacuation-3-moving');
  await head.getByText('Nothing more leaves "worker-1" by itself; machines that stay: 1.').first().waitFor({ timeout: 90_000 });
  assert.deepEqual(await view.locator('tbody tr.left th').allInnerTexts(), ['moves-1', 'moves-2']);
  await editor.screenshot('evacuation-4-over');
  await isAccessible(view);
  for (const theme of ['Dark Modern', 'Dark High Contrast', 'Light High Contrast', 'Light Modern'] as const) {
    await editor.setTheme(theme);
    await isAccessible(view);
    await editor.screenshot(`evacuation-5-${theme.toLowerCase().replaceAll(' ', '-')}`);
  }

  // Each row leads to the panel of its machine.
  await row('left', 'moves-1').getByRole('button').click();
  await view.locator('.headline', { hasText: 'Completed' }).waitFor();
  await view.getByText('the platform: the node is being emptied').waitFor();
  await editor.screenshot('evacuation-6-machine');

  // A table that was hidden was thrown away; shown again, it asks for its rows.
  await editor.run('View: Close Editor');
  await row('left', 'moves-1').waitFor();
  await row('stays', 'stays-1').waitFor();
}));

/** A cluster in this process, with what `furnish` adds. */
function startWith(options: ClusterOptions, furnish: (admin: AdminClient) => Promise<unknown> = () => Promise.resolve()): (kubeconfig: string) => Promise<Cluster> {
  return async (kubeconfig) => {
    const cluster = await startCluster(options);
    await cluster.writeKubeconfig(kubeconfig);
    await furnish(cluster.admin);
    return cluster;
  };
}

/** One node with two machines that can move, and one that cannot. */
async function furnish(admin: AdminClient): Promise<void> {
  const ask = (method: string, place: string, body: object) => admin.do(method, place, body);
  const own = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/default';
  const make = (kind: string, plural: string, name: string, spec: object) => ask('POST', `${own}/${plural}`, { apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind, metadata: { name }, spec });
  await ask('POST', '/api/v1/nodes', node('worker-1'));
  for (const [name, mode] of [['shared', 'ReadWriteMany'], ['local', 'ReadWriteOnce']] as const) {
    await ask('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name, annotations: { 'virtualdisk.virtualization.deckhouse.io/access-mode': mode } },
      provisioner: 'example.test', volumeBindingMode: 'Immediate',
    });
  }
  await ask('POST', '/apis/virtualization.deckhouse.io/v1alpha3/virtualmachineclasses', {
    apiVersion: 'virtualization.deckhouse.io/v1alpha3', kind: 'VirtualMachineClass', metadata: { name: 'generic' }, spec: { cpu: { type: 'Model', model: 'Nehalem' } },
  });
  for (const [name, storageClassName] of [['moves-1', 'shared'], ['moves-2', 'shared'], ['stays-1', 'local']] as const) {
    await make('VirtualDisk', 'virtualdisks', `${name}-root`, { persistentVolumeClaim: { size: '1Gi', storageClassName } });
    await make('VirtualMachine', 'virtualmachines', name, {
      virtualMachineClassName: 'generic', cpu: { cores: 1 }, memory: { size: '1Gi' }, blockDeviceRefs: [{ kind: 'VirtualDisk', name: `${name}-root` }],
    });
  }
}

function node(name: string): object {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name } } };
}

/** How many rows there are, and how many were put anywhere while the cluster went on for some updates. */
async function watch(view: FrameLocator): Promise<{ readonly rows: number; readonly put: number }> {
  return view.locator('tbody').evaluate((element: unknown) => new Promise((resolve) => {
    // Runs in the page.
    const body = element as { readonly childElementCount: number };
    const { MutationObserver } = globalThis as unknown as PageGlobals;
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
  }));
}

interface PageGlobals {
  readonly MutationObserver: new (heard: (records: readonly { readonly target: unknown; readonly addedNodes: { readonly length: number } }[]) => void) => {
    observe(target: unknown, options: object): void;
    disconnect(): void;
  };
}
