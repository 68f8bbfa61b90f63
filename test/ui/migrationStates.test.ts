import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import type { FaultProxy } from '../cluster/faults/proxy';
import type { Cluster } from '../cluster/start';
import { isAccessible } from './accessibility';
import { type ClusterBehindProxy, startBehindProxy } from './behindProxy';
import type { Editor } from './editor';
import { openScene } from './withEditor';

const group = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces';

/** The platform is played by the test, so that every state can be seen for as long as it takes. */
describe('every state of a migration', () => {
  let scene: Awaited<ReturnType<typeof openScene<ClusterBehindProxy>>> | undefined;
  let cluster: Cluster;
  let proxy: FaultProxy;
  let editor: Editor;
  let view: FrameLocator;
  const operations = () => `${group}/billing/virtualmachineoperations`;

  before(async () => {
    scene = await openScene({ name: 'migration-states', start: (kubeconfig: string) => startBehindProxy(kubeconfig, { platform: false }) });
    ({ editor, cluster, cluster: { proxy } } = scene);
    view = editor.webview;
    await editor.openContext('states');
    await editor.waitForText(editor.row('ledger-01'), /Running/);
  });

  after(() => scene?.[Symbol.asyncDispose]());

  const create = (name: string, spec: object = {}) => cluster.admin.do('POST', operations(), {
    apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation',
    metadata: { name, labels: { 'virtualization.deckhouse.io/virtual-machine-uid': machineUid } }, spec: { type: 'Evict', virtualMachineName: 'ledger-01', ...spec },
  });
  let machineUid = '';

  /** Writes the status of an operation as the platform would. */
  const tell = (name: string, phase: string, reason: string, progress?: string, message = '', status = 'False') => cluster.admin.do('PATCH', `${operations()}/${name}/status`, { status: {
    phase, ...(progress === undefined ? {} : { progress }), conditions: [{ type: 'Completed', status, reason, message, lastTransitionTime: new Date().toISOString() }],
  } });
  const copied = (processed: number, remaining: number, iteration: number) => `Syncing. TimeElapsed:10s DataProcessed:${processed}MiB DataRemaining:${remaining}MiB DataTotal:8212MiB Iteration:${iteration} AutoConvergeThrottleSet:false`;
  const moving = (status: object) => cluster.admin.do('PATCH', `${group}/billing/virtualmachines/ledger-01/status`, { status });
  const ready = (name: string, status: string) => cluster.admin.do('PATCH', `/api/v1/nodes/${name}/status`, { status: { conditions: [{ type: 'Ready', status, reason: 'Told', message: '', lastTransitionTime: new Date().toISOString() }] } });
  const headline = (text: string | RegExp) => view.locator('.headline', { hasText: text }).waitFor();
  const shot = (name: string) => editor.screenshot(`migration-state-${name}`);

  test('before: possible, and refused with its reason and a button', async () => {
    machineUid = String(((await cluster.admin.do('GET', `${group}/billing/virtualmachines/ledger-01`))['metadata'] as { uid: string }).uid);
    await editor.choose(editor.row('ledger-01'), 'Show migration');
    await view.getByText('It can migrate', { exact: true }).waitFor();
    await shot('01-before');
    await moving({ conditions: [{ type: 'Migratable', status: 'False', reason: 'VirtualMachineDisksNotMigratable', message: 'disks are not shared', lastTransitionTime: new Date().toISOString() }] });
    await view.getByText('It cannot migrate now').waitFor();
    await shot('02-refused-before');
    await isAccessible(view);
    await moving({ conditions: [{ type: 'Migratable', status: 'True', reason: 'VirtualMachineMigratable', message: '', lastTransitionTime: new Date().toISOString() }] });
    await view.getByText('It can migrate', { exact: true }).waitFor();
  });

  test('each step, a percentage that falls back, and an outage that is drawn as a gap', async () => {
    await create('full');
    await headline('Waiting');
    await tell('full', 'Pending', 'MigrationPending', '0%', 'Target node has no free inbound migration slots.');
    await view.getByText('no free inbound migration slots').waitFor();
    await shot('03-queued');
    for (const [reason, progress, words] of [['TargetScheduling', '2%', 'Choosing a node'], ['TargetPreparing', '3%', 'Preparing']] as const) {
      await tell('full', 'InProgress', reason, progress);
      await headline(words);
      await shot(reason === 'TargetScheduling' ? '04-scheduling' : '05-preparing');
    }
    await moving({ phase: 'Migrating', migrationState: { startTimestamp: new Date().toISOString(), source: { node: 'node-a2' }, target: { node: 'node-a4', pod: 'd8v-vm-x' } } });
    for (const [percent, left] of [[12, 7900], [18, 6400], [26, 4100]] as const) {
      await tell('full', 'InProgress', 'Syncing', `${percent}%`, copied(8212 - left, left, 0));
      await view.locator('.way .percent', { hasText: `${percent} %` }).waitFor();
    }
    await tell('full', 'InProgress', 'Syncing', '22%', copied(4600, 5200, 1));
    await view.getByText('has to be copied again').waitFor();
    await shot('06-copying-fell-back');
    await isAccessible(view);
    await proxy.down();
    await view.getByText(/Nothing has been heard of the cluster/).waitFor();
    await shot('07-connection-lost');
    await tell('full', 'InProgress', 'Syncing', '58%', copied(9000, 900, 2));
    await proxy.up();
    await view.locator('.way .percent', { hasText: '58 %' }).waitFor();
    await view.locator('.gaps rect').waitFor({ state: 'attached' });
    await shot('08-gap');
    await tell('full', 'InProgress', 'TargetResumed', '92%', copied(10_100, 0, 3));
    await headline(/Switching/);
    await shot('09-switching');
    await tell('full', 'InProgress', 'SourceSuspended', '91%', copied(10_100, 0, 3));
    await moving({ phase: 'Running', nodeName: 'node-a4', migrationState: { endTimestamp: new Date().toISOString(), result: 'Succeeded' } });
    await tell('full', 'Completed', 'Completed', '100%', '', 'True');
    await headline('Completed');
    await shot('10-completed');
    await isAccessible(view);
  });

  test('no percentage; words that nobody has heard of are shown as they are, and F37: as text', async () => {
    await create('older');
    await tell('older', 'InProgress', 'MigrationRunning');
    await view.getByText('The platform does not report percent').waitFor();
    assert.equal(await view.getByRole('progressbar').getAttribute('aria-valuenow'), null);
    assert.equal(await view.locator('.fill').getAttribute('style'), 'width: 0%;');
    await shot('11-no-percent');
    await tell('older', 'InProgress', 'BrandNewStep', '40%', 'Doing <img src="x"> brand new things');
    await headline('BrandNewStep');
    await view.getByText('Doing <img src="x"> brand new things').first().waitFor();
    assert.equal(await view.locator('img').count(), 0);
    await shot('12-unknown-step');
    await tell('older', 'Failed', 'NotConverging', '76%', 'Migration did not converge: the rest did not shrink.');
    await headline(/^Failed/);
    await view.getByText('Migration did not converge').waitFor();
    await shot('13-failed');
    await isAccessible(view);
  });

  test('cancelled, refused, superseded, and a machine that was made anew', async () => {
    await create('taken-back');
    await tell('taken-back', 'InProgress', 'Syncing', '30%', copied(3000, 5200, 0));
    await headline('Copying memory');
    await cluster.admin.do('DELETE', `${operations()}/taken-back`);
    await headline('Deleted');
    await shot('14-deleted-by-somebody');
    await create('refused', { force: true });
    await tell('refused', 'Failed', 'NotApplicableForLiveMigrationPolicy', undefined, 'Operation is invalid: force=true is not applicable for VM liveMigrationPolicy AlwaysSafe');
    await headline('Refused');
    await shot('15-refused');
    await create('overtaken');
    await tell('overtaken', 'InProgress', 'Syncing', '18%', copied(1500, 6700, 0));
    await headline('Copying memory');
    // An earlier one is looked at, and the newer one is not forgotten.
    await view.locator('.history .past', { hasText: 'Refused' }).click();
    await headline('Refused');
    await view.getByText('A newer migration goes on.').waitFor();
    await shot('16-two-in-succession');
    await view.getByRole('button', { name: 'Show the newest' }).click();
    await headline('Copying memory');
    await ready('node-a4', 'Unknown');
    await view.getByText('The node "node-a4" does not answer the cluster.').waitFor();
    await moving({ phase: 'Stopping' });
    await view.getByText('The machine is Stopping: the migration is about to end.').waitFor();
    await shot('16-node-lost-and-stopped');
    await ready('node-a4', 'True');
    await tell('overtaken', 'Superseded', 'Superseded', '18%', 'Superseded by ledger-01-stop with type Stop', 'True');
    await headline('Superseded');
    await shot('16-superseded');
    const machine = `${group}/billing/virtualmachines/ledger-01`;
    const { spec, status } = await cluster.admin.do('GET', machine);
    await cluster.admin.do('PATCH', machine, { metadata: { finalizers: null } });
    await cluster.admin.do('DELETE', machine);
    await view.getByText('The machine no longer exists.').waitFor();
    await shot('17-machine-gone');
    await cluster.admin.do('POST', `${group}/billing/virtualmachines`, { apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachine', metadata: { name: 'ledger-01' }, spec });
    await cluster.admin.do('PATCH', `${machine}/status`, { status });
    await view.getByText('another machine of the same name').waitFor();
    await shot('18-re-created');
  });

  test('every theme, no movement, twice as large, by keyboard alone', async () => {
    await view.locator('.history .past', { hasText: 'Completed' }).first().click();
    await view.locator('.plot svg').waitFor();
    for (const theme of ['Dark Modern', 'Dark High Contrast', 'Light High Contrast', 'Light Modern'] as const) {
      await editor.setTheme(theme);
      await isAccessible(view);
      await shot(`19-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
    await view.locator('.stage').focus();
    await editor.page.keyboard.press('Home');
    await editor.page.keyboard.press('ArrowRight');
    await view.locator('.read', { hasText: 'Progress: 0 %' }).waitFor();
    await shot('20-point-by-keyboard');
    await editor.page.emulateMedia({ reducedMotion: 'reduce' });
    const durationS = await view.locator('.fill').evaluate((fill: unknown) => Number.parseFloat((globalThis as unknown as { getComputedStyle(of: unknown): { transitionDuration: string } }).getComputedStyle(fill).transitionDuration));
    assert.ok(durationS < 0.001, String(durationS));
    await editor.run('View: Toggle Primary Side Bar Visibility');
    await editor.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    await editor.page.setViewportSize({ width: 640, height: 400 });
    assert.ok(await view.locator('html').evaluate((html: unknown) => (html as { scrollWidth: number; clientWidth: number }).scrollWidth <= (html as { clientWidth: number }).clientWidth));
    await shot('21-zoom-200');
  });
});
