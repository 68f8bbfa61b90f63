import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { startApi } from '../cluster/api/server';
import { createAuthority } from '../cluster/certificates';
import { type ClusterProcess, startClusterProcess } from './clusterProcess';
import type { Theme } from './editor';
import { poll, themes } from './editor';
import { withEditor } from './withEditor';

test('without a kubeconfig there is a button to choose one', () => withEditor({ name: 'welcome-no-kubeconfig', start: nothing }, async ({ editor }) => {
  await editor.showClusters();
  await editor.pane('Clusters').getByText('No kubeconfig found').waitFor();
  await editor.pane('Clusters').getByText('Choose a kubeconfig file').waitFor();
  await editor.screenshot('welcome-no-kubeconfig');
}));

test('a kubeconfig that is not one is said to be so', () => withEditor({ name: 'welcome-bad-kubeconfig', start: only('{ not: [yaml') }, async ({ editor }) => {
  await editor.showClusters();
  await editor.pane('Clusters').getByText('The kubeconfig cannot be used').waitFor();
  await editor.pane('Clusters').getByText('Show log').waitFor();
  await editor.screenshot('welcome-bad-kubeconfig');
}));

test('a cluster that does not answer is said to be unreachable', () => withEditor({ name: 'welcome-unreachable', start: only(kubeconfigOf('https://127.0.0.1:9')) }, async ({ editor }) => {
  await editor.showClusters();
  await editor.waitForText(editor.row('lab'), /the cluster cannot be reached/);
  await editor.waitForText(editor.row(/refused the connection/), /trying again/);
  await editor.pane('Needs attention').getByText('Connect again').waitFor();
  await editor.screenshot('welcome-unreachable');
}));

test('a cluster without the module is said to have none', () => withEditor({ name: 'welcome-no-module', start: bare }, async ({ editor }) => {
  await editor.showClusters();
  await editor.row('This cluster has no virtualization.').waitFor();
  await editor.pane('Needs attention').getByText('the virtualization module is not installed').waitFor();
  await editor.waitForText(editor.row('lab'), /^lab, live/);
  await editor.screenshot('welcome-no-module');
}));

test('a viewer of one project is told which rights are missing', () => withEditor({ name: 'viewer', start: asViewer('shop') }, async ({ editor }) => {
  await editor.showClusters();
  await editor.waitForText(editor.row('viewer'), /live/);
  await editor.waitForText(editor.row('Classes'), /you may not look at this/);
  await editor.screenshot('viewer');
}));

test('where nothing may be listed, the way to name namespaces is offered', () => withEditor({ name: 'welcome-forbidden', start: asViewer('kube-system') }, async ({ editor }) => {
  await editor.showClusters();
  await editor.pane('Needs attention').getByText('Select namespaces').waitFor();
  await editor.screenshot('welcome-forbidden');
}));

test('grouping, filter and open rows are kept when the window is loaded again', () => withEditor({ name: 'kept' }, async ({ editor, page }) => {
  await editor.showClusters();
  await editor.row('ledger-01').waitFor();
  await editor.run('Group machines by…');
  await editor.pick('Node');
  await editor.run('DVP: Filter');
  await editor.type('db-0');
  await editor.row('node-b1').waitFor();
  await editor.row('ledger-01').waitFor({ state: 'hidden' });
  await editor.expand(editor.row('db-01'));
  await editor.row('db-01-root').waitFor();
  await editor.screenshot('filtered');

  // The workbench writes down what extensions remember a moment later.
  await poll(() => page.evaluate(isStored, 'billing/db-01'), 'It was never written down that a row is open.');
  await page.reload();
  await editor.row('node-b1').waitFor();
  await editor.row('db-01-root').waitFor();
  await editor.row('ledger-01').waitFor({ state: 'hidden' });
}));

test('F32: in Restricted Mode no kubeconfig is read', () => withEditor({ name: 'restricted', trust: true }, async ({ editor, page }) => {
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  await editor.showClusters();
  await editor.pane('Clusters').getByText('no cluster is contacted until you trust').waitFor();
  await editor.screenshot('restricted');
}));

test('the tree is readable in light, dark and high contrast', () => withEditor({ name: 'themes' }, async ({ editor }) => {
  await editor.showClusters();
  await editor.row('ledger-01').waitFor();
  await editor.expand(editor.row('db-01'));
  for (const theme of Object.keys(themes) as Theme[]) {
    await editor.setTheme(theme);
    await editor.screenshot(`theme-${theme.toLowerCase().replaceAll(' ', '-')}`);
  }
}));

function nothing() {
  return Promise.resolve({ stop: () => Promise.resolve() });
}

/** A kubeconfig and no cluster. */
function only(text: string): (kubeconfig: string) => ReturnType<typeof nothing> {
  return async (kubeconfig) => {
    await writeFile(kubeconfig, text, { mode: 0o600 });
    return nothing();
  };
}

/** An embedded cluster where the viewer is the current user, in `namespace`. */
function asViewer(namespace: string): (kubeconfig: string) => Promise<ClusterProcess> {
  return async (kubeconfig) => {
    const cluster = await startClusterProcess({ kubeconfig });
    const text = await readFile(kubeconfig, 'utf8');
    await writeFile(kubeconfig, text.replaceAll(/"namespace": "[^"]+"/g, `"namespace": "${namespace}"`).replace(/"current-context": "[^"]+"/, '"current-context": "viewer"'));
    return cluster;
  };
}

function kubeconfigOf(server: string, caPem?: string): string {
  return JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'lab',
    clusters: [{ name: 'lab', cluster: { server, ...(caPem ? { 'certificate-authority-data': Buffer.from(caPem).toString('base64') } : {}) } }],
    users: [{ name: 'lab', user: { token: 'a-token-for-this-test' } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
  });
}

/** A Kubernetes API without the module. */
async function bare(kubeconfig: string) {
  const authority = await createAuthority();
  const api = await startApi({ authority, users: [{ name: 'admin', token: 'a-token-for-this-test', groups: ['system:masters'] }] });
  await writeFile(kubeconfig, kubeconfigOf(api.url, authority.caPem), { mode: 0o600 });
  return api;
}

/** Runs in the page: whether the state that the workbench keeps in the browser has a text. */
async function isStored(text: string): Promise<boolean> {
  interface Asked<T> { readonly result: T; readonly error: unknown; onsuccess: () => void; onerror: () => void }
  interface Database { readonly objectStoreNames: Iterable<string>; transaction(store: string): { objectStore(name: string): { getAll(): Asked<unknown[]> } }; close(): void }
  const { indexedDB } = globalThis as unknown as { indexedDB: { databases(): Promise<readonly { readonly name: string }[]>; open(name: string): Asked<Database> } };
  const answer = <T>(asked: Asked<T>) => new Promise<T>((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(new Error(String(asked.error)));
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        if ((await answer(database.transaction(store).objectStore(store).getAll())).some((value) => typeof value === 'string' && value.includes(text))) {
          return true;
        }
      }
    } finally {
      database.close();
    }
  }
  return false;
}
