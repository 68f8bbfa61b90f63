import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { FrameLocator, Locator } from 'playwright-core';
import { systemClock } from '../../src/base/timing';
import type { KubeObject } from '../../src/domain/kubeObject';
import { type Cluster, startCluster } from '../cluster/start';
import { isAccessible } from './accessibility';
import { type Editor, poll } from './editor';
import { openScene } from './withEditor';

const group = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces';
const hourMs = 3_600_000;

/** Today's module; an older one; one whose clock is an hour ahead. */
type Clusters = Record<'east' | 'old' | 'late', Cluster>;

interface Sent extends KubeObject {
  readonly spec: { readonly type: string; readonly virtualMachineName: string; readonly force?: boolean; readonly migrate?: object };
}

/** What is told around a migration: before it is sent, while it goes on, at its end. The platform is played by the test. */
describe('a migration is started, told and taken back', () => {
  let scene: Awaited<ReturnType<typeof openScene<Awaited<ReturnType<typeof startThree>>>>> | undefined;
  let clusters: Clusters;
  let editor: Editor;
  let view: FrameLocator;
  let shown: string | undefined;

  before(async () => {
    scene = await openScene({ name: 'migration-start', start: startThree });
    ({ editor, cluster: { clusters } } = scene);
    view = editor.webview;
    await editor.showClusters();
    await show('east');
  });

  after(() => scene?.[Symbol.asyncDispose]());

  /** Opens one context and closes the others, so that each machine has one row. */
  const show = async (context: string) => {
    await editor.pane('Clusters').locator('.monaco-list').focus();
    await editor.page.keyboard.press('Home');
    if (shown !== undefined) {
      await editor.row(shown).locator('.monaco-tl-twistie').click();
    }
    shown = context;
    await editor.row(context).waitFor();
    await editor.expand(editor.row(context));
    await editor.waitForText(editor.row('ledger-01'), /Running/);
  };
  const open = async () => {
    await editor.run('View: Close All Editors');
    await editor.choose(editor.row('ledger-01'), 'Show migration');
    await view.getByRole('heading', { name: 'ledger-01' }).waitFor();
  };
  const operationsIn = (namespace: string) => `${group}/${namespace}/virtualmachineoperations`;
  /** Waits for so many migrations that nobody has answered yet. */
  const sent = async (count = 1, cluster = clusters.east, namespace = 'billing'): Promise<readonly Sent[]> => {
    let found: readonly Sent[] = [];
    await poll(async () => {
      const { items } = await cluster.admin.do('GET', operationsIn(namespace)) as unknown as { readonly items: readonly (Sent & { readonly status?: { readonly phase?: string } })[] };
      found = items.filter(({ spec, status }) => ['Migrate', 'Evict'].includes(spec.type) && status?.phase === undefined);
      return found.length === count;
    }, 'It was never sent.');
    return found;
  };
  /** Says what the platform would of an operation. */
  const tell = ({ metadata: { name, namespace = '' } }: Sent, phase: string, reason: string, progress?: string, message = '', cluster = clusters.east) => cluster.admin.do('PATCH', `${operationsIn(namespace)}/${name}/status`, { status: {
    phase, ...(progress === undefined ? {} : { progress }), conditions: [{ type: 'Completed', status: phase === 'Completed' ? 'True' : 'False', reason, message, lastTransitionTime: new Date().toISOString() }],
  } });
  const toast = (text: string | RegExp): Locator => editor.page.locator('.notification-toast', { hasText: text });
  const shot = (name: string) => editor.screenshot(`migration-told-${name}`);
  const headline = (text: string | RegExp) => view.locator('.headline', { hasText: text }).waitFor();
  const press = async (button: string, answer: string) => {
    await view.getByRole('button', { name: button, exact: true }).click();
    return editor.answer(answer);
  };

  test('F43: force and its consequence in words, naming machine, namespace and context; loaded again in the moment it is sent: still mine, and its end is told', async () => {
    await open();
    await view.getByRole('button', { name: 'Migrate (force)' }).click();
    await editor.page.locator('.monaco-dialog-box').waitFor();
    await shot('01-force');
    const asked = await editor.answer('Migrate (force)');
    assert.match(asked, /Move "ledger-01" to another node with force\? If the guest writes memory faster than it can be copied, the platform slows its processors down/);
    assert.match(asked, /Namespace "billing", context "east"\./);
    const [forced] = await sent();
    await editor.page.reload();
    assert.ok(forced);
    assert.equal(forced.spec.force, true);
    await tell(forced, 'InProgress', 'Syncing', '40%', 'Syncing. TimeElapsed:10s DataProcessed:3000MiB DataRemaining:5000MiB DataTotal:8212MiB Iteration:0 AutoConvergeThrottleSet:false');
    await editor.page.locator('.statusbar-item', { hasText: /ledger-01 (?:→ \S+ )?40 %/ }).waitFor();
    // VS Code itself may have forgotten the tab, which was a moment old.
    await open();
    await view.locator('.fact', { hasText: 'Started by' }).getByText('you', { exact: true }).waitFor();
    await headline('Copying memory');
    await shot('02-loaded-again');
    await clusters.east.admin.do('PATCH', `${group}/billing/virtualmachines/ledger-01/status`, { status: { nodeName: 'node-a4', migrationState: { startTimestamp: new Date(Date.now() + 1000).toISOString(), endTimestamp: new Date(Date.now() + 2000).toISOString(), result: 'Succeeded', source: { node: 'node-a2' }, target: { node: 'node-a4' } } } });
    await view.locator('.picture', { hasText: 'node-a4' }).waitFor();
    await tell(forced, 'Completed', 'Completed', '100%');
    await toast('"ledger-01" has moved to "node-a4".').waitFor();
    await headline('Completed');
    await shot('03-completed');
    await editor.run('View: Close All Editors');
    await toast('has moved').getByRole('button', { name: 'Show migration' }).click();
    await headline('Completed');
  });

  test('a failure is told in its own words with what to do next, a retry is taken back from its notification', async () => {
    await editor.run('Notifications: Clear All Notifications');
    await press('Migrate', 'Migrate');
    const [failing] = await sent();
    assert.ok(failing);
    await tell(failing, 'InProgress', 'Syncing', '57%');
    await toast(/Migrate "ledger-01": Memory is being copied while the guest runs\. 57 %/).getByRole('button', { name: 'Cancel' }).waitFor();
    await shot('04-notified');
    await tell(failing, 'Failed', 'NotConverging', '57%', 'Migration did not converge: the rest did not shrink.');
    await toast(/failed: Migration did not converge: the rest did not shrink\. \S+/).waitFor();
    await headline(/^Failed at: Copying memory/);
    await shot('05-failed');
    await editor.run('Notifications: Clear All Notifications');
    await press('Migrate again', 'Migrate');
    const [again] = await sent();
    assert.ok(again);
    await tell(again, 'InProgress', 'Syncing', '12%');
    await headline('Copying memory');
    await toast('Memory is being copied').getByRole('button', { name: 'Cancel' }).click();
    await poll(async () => clusters.east.admin.do('GET', `${operationsIn('billing')}/${again.metadata.name}`).then(() => false, () => true), 'It was never taken back.');
    await headline(/Deleted|Cancelled/);
    await toast('Migrate "ledger-01"').waitFor({ state: 'detached' });
    await shot('06-taken-back');
  });

  test('a node of one\'s choice, with what speaks against the others', async () => {
    await view.getByRole('button', { name: 'Migrate to node…' }).click();
    await editor.page.locator('.quick-input-list', { hasText: '"ledger-01" is there already.' }).waitFor();
    await shot('07-nodes');
    await editor.pick('node-b1');
    assert.match(await editor.answer('Migrate to node'), /to the node "node-b1"\?/);
    const [chosen] = await sent();
    assert.deepEqual(chosen?.spec.migrate, { nodeSelector: { 'kubernetes.io/hostname': 'node-b1' } });
    assert.ok(chosen);
    await tell(chosen, 'Failed', 'Failed', undefined, 'The nodeSelector is not available in this edition.');
    await toast(/failed: The nodeSelector is not available in this edition\./).waitFor();
    await shot('08-refused');
    await editor.run('Notifications: Clear All Notifications');
  });

  test('several machines at once: those that can move, how many have arrived, which failed', async () => {
    await editor.expand(editor.row('build'));
    await editor.row('runner-01').click();
    await editor.row('runner-02').click({ modifiers: ['ControlOrMeta'] });
    await editor.row('runner-06').click({ modifiers: ['ControlOrMeta'] });
    await editor.run('DVP: Migrate');
    // Those are offered that can move; of the selected ones the two are chosen already, the third is not in the list.
    await editor.page.locator('.quick-input-widget', { hasText: '2 Selected' }).waitFor();
    assert.equal(await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'runner-06' }).count(), 0);
    await editor.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await editor.page.locator('.monaco-dialog-box').waitFor();
    await shot('09-several');
    const asked = await editor.answer('Migrate');
    assert.match(asked, /Migrate 2 objects\?/);
    assert.match(asked, /Move "runner-01" to another node\?.*Namespace "build", context "east"\.\s+Move "runner-02"/);
    const both = await sent(2, clusters.east, 'build');
    for (const one of both) {
      await tell(one, 'InProgress', 'Syncing', '20%');
    }
    await editor.page.locator('.statusbar-item', { hasText: '2 migrations' }).waitFor();
    const [first, second] = [...both].sort((a, b) => (a.spec.virtualMachineName < b.spec.virtualMachineName ? -1 : 1));
    assert.ok(first && second);
    await tell(first, 'Completed', 'Completed', '100%');
    await toast('1 of 2 done').waitFor();
    await shot('10-one-of-two');
    await tell(second, 'Failed', 'TargetUnschedulable', '2%', 'Migration failed: target pod is unschedulable');
    await toast(/failed for 1 of 2 objects\.\s*runner-02: .*target pod is unschedulable/).waitFor();
    await shot('11-one-failed');
    await editor.run('Notifications: Clear All Notifications');
  });

  test('without the right to read nodes nothing is claimed of them', async () => {
    await show('project');
    await open();
    await view.getByText('Where it could go').waitFor();
    await shot('12-no-nodes');
    await view.getByText('As far as can be seen from here').or(view.getByText(/not known|may not read/)).first().waitFor();
    await view.getByText('what is free on them is not known').or(view.getByText('Where the machine could go is not known.')).first().waitFor();
    await shot('12-no-nodes');
    await isAccessible(view);
  });

  test('an older module evicts, and reports no percentage', async () => {
    await show('old');
    await open();
    await press('Evict', 'Evict');
    const [evicted] = await sent(1, clusters.old);
    assert.ok(evicted);
    assert.deepEqual(evicted.spec, { type: 'Evict', virtualMachineName: 'ledger-01' });
    await tell(evicted, 'InProgress', 'MigrationRunning', undefined, '', clusters.old);
    await view.getByText('The platform does not report percent').waitFor();
    await shot('13-evict');
    await tell(evicted, 'Completed', 'Completed', undefined, '', clusters.old);
    await toast('"ledger-01" has moved').waitFor();
    await editor.run('Notifications: Clear All Notifications');
  });

  test('a cluster whose clock is an hour ahead changes no duration', async () => {
    await show('late');
    await open();
    await press('Migrate', 'Migrate');
    const [late] = await sent(1, clusters.late);
    assert.ok(late);
    assert.ok(Date.parse(late.metadata.creationTimestamp ?? '') > Date.now() + hourMs / 2);
    await tell(late, 'InProgress', 'Syncing', '30%', '', clusters.late);
    await headline('Copying memory');
    assert.match(await view.locator('.fact', { hasText: /^For/ }).locator('dd').innerText(), /^(?:\d+ s|1 min)$/);
    await shot('14-clock');
    await tell(late, 'Completed', 'Completed', '100%', '', clusters.late);
    await headline('Completed');
    assert.match(await view.locator('.fact', { hasText: /^Took/ }).locator('dd').innerText(), /^(?:\d+ s|1 min)$/);
  });
});

/** Clusters in this process and a context for each user. */
async function startThree(kubeconfig: string) {
  const clusters: Clusters = {
    east: await startCluster({ platform: false }), old: await startCluster({ platform: false, module: '0.17' }),
    late: await startCluster({ platform: false, clock: { ...systemClock, now: () => Date.now() + hourMs } }),
  };
  const contexts = [['east', clusters.east, 'admin'], ['project', clusters.east, 'editor'], ['old', clusters.old, 'admin'], ['late', clusters.late, 'admin']] as const;
  await writeFile(kubeconfig, JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'east',
    clusters: contexts.map(([name, cluster]) => ({ name, cluster: { server: cluster.url, 'certificate-authority-data': Buffer.from(cluster.caPem).toString('base64') } })),
    users: contexts.map(([name, cluster, user]) => ({ name, user: { token: cluster.users[user].token } })),
    contexts: contexts.map(([name]) => ({ name, context: { cluster: name, user: name, namespace: 'billing' } })),
  }), { mode: 0o600 });
  return { clusters, stop: async () => void await Promise.all(Object.values(clusters).map((cluster) => cluster.stop())) };
}
