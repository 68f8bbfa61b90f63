import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startApi } from '../cluster/api/server';
import { createAuthority } from '../cluster/certificates';
import { startClusterProcess } from './clusterProcess';
import { Editor, themes } from './editor';
import type { EditorOptions, Theme } from './editor';

test('without a kubeconfig there is a button to choose one', () => withEditor({}, async (editor) => {
  await editor.pane('Clusters').getByText('No kubeconfig found').waitFor();
  await editor.pane('Clusters').getByText('Choose a kubeconfig file').waitFor();
  await editor.screenshot('welcome-no-kubeconfig');
}));

test('a kubeconfig that is not one is said to be so', () => withKubeconfig('{ not: [yaml', async (kubeconfig) => withEditor({ kubeconfig }, async (editor) => {
  await editor.pane('Clusters').getByText('The kubeconfig cannot be used').waitFor();
  await editor.pane('Clusters').getByText('Show log').waitFor();
  await editor.screenshot('welcome-bad-kubeconfig');
})));

test('a cluster that does not answer is said to be unreachable', () => withKubeconfig(kubeconfigOf('https://127.0.0.1:9'), async (kubeconfig) => withEditor({ kubeconfig }, async (editor) => {
  await editor.waitForText(editor.row('lab'), /the cluster cannot be reached/);
  await editor.waitForText(editor.row(/refused the connection/), /trying again/);
  await editor.pane('Needs attention').getByText('Connect again').waitFor();
  await editor.screenshot('welcome-unreachable');
})));

test('a cluster without the module is said to have none', async () => {
  const authority = await createAuthority();
  const api = await startApi({ authority, users: [{ name: 'admin', token: 'a-token-for-this-test', groups: ['system:masters'] }] });
  try {
    await withKubeconfig(kubeconfigOf(api.url, authority.caPem), (kubeconfig) => withEditor({ kubeconfig }, async (editor) => {
      await editor.row('This cluster has no virtualization.').waitFor();
      await editor.pane('Needs attention').getByText('the virtualization module is not installed').waitFor();
      await editor.waitForText(editor.row('lab'), /^lab, live/);
      await editor.screenshot('welcome-no-module');
    }));
  } finally {
    await api.stop();
  }
});

test('a viewer of one project is told which rights are missing', () => withCluster(async (kubeconfig) => {
  await atHomeIn(kubeconfig, 'shop', 'viewer');
  await withEditor({ kubeconfig }, async (editor) => {
    await editor.waitForText(editor.row('viewer'), /live/);
    await editor.waitForText(editor.row('Classes'), /you may not look at this/);
    await editor.screenshot('viewer');
  });
}));

test('where nothing may be listed, the way to name namespaces is offered', () => withCluster(async (kubeconfig) => {
  await atHomeIn(kubeconfig, 'kube-system', 'viewer');
  await withEditor({ kubeconfig }, async (editor) => {
    await editor.pane('Needs attention').getByText('Select namespaces').waitFor();
    await editor.screenshot('welcome-forbidden');
  });
}));

test('grouping, filter and open rows are kept when the window is loaded again', () => withCluster((kubeconfig) => withEditor({ kubeconfig }, async (editor) => {
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

  await editor.page.reload();
  await editor.row('node-b1').waitFor();
  await editor.row('db-01-root').waitFor();
  await editor.row('ledger-01').waitFor({ state: 'hidden' });
})));

test('in Restricted Mode no kubeconfig is read', () => withCluster(async (kubeconfig) => {
  const editor = await Editor.open({ kubeconfig, trust: true });
  try {
    await editor.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await editor.showClusters();
    await editor.pane('Clusters').getByText('no cluster is contacted until you trust').waitFor();
    await editor.screenshot('restricted');
  } finally {
    await editor.close();
  }
}));

test('the tree is readable in light, dark and high contrast', () => withCluster((kubeconfig) => withEditor({ kubeconfig }, async (editor) => {
  await editor.row('ledger-01').waitFor();
  await editor.expand(editor.row('db-01'));
  for (const theme of Object.keys(themes) as Theme[]) {
    await editor.setTheme(theme);
    await editor.screenshot(`theme-${theme.toLowerCase().replaceAll(' ', '-')}`);
  }
  await editor.row('db-01').hover();
  await editor.page.locator('.monaco-hover').getByText('db-01').first().waitFor();
})));

async function withEditor(options: EditorOptions, use: (editor: Editor) => Promise<void>): Promise<void> {
  const editor = await Editor.open(options);
  try {
    await editor.showClusters();
    await use(editor);
  } catch (error) {
    await editor.screenshot('failed');
    throw error;
  } finally {
    await editor.close();
  }
}

async function withKubeconfig(text: string, use: (kubeconfig: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-states-'));
  try {
    const file = path.join(folder, 'kubeconfig');
    await writeFile(file, text, { mode: 0o600 });
    await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withCluster(use: (kubeconfig: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-states-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startClusterProcess({ kubeconfig });
  try {
    await use(kubeconfig);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes all contexts of a kubeconfig of the embedded cluster start in `namespace`, and one of them the current one. */
async function atHomeIn(kubeconfig: string, namespace: string, current: string): Promise<void> {
  const text = await readFile(kubeconfig, 'utf8');
  await writeFile(kubeconfig, text.replaceAll(/"namespace": "[^"]+"/g, `"namespace": "${namespace}"`).replace(/"current-context": "[^"]+"/, `"current-context": "${current}"`));
}

function kubeconfigOf(server: string, caPem?: string): string {
  return JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'lab',
    clusters: [{ name: 'lab', cluster: { server, ...(caPem ? { 'certificate-authority-data': Buffer.from(caPem).toString('base64') } : {}) } }],
    users: [{ name: 'lab', user: { token: 'a-token-for-this-test' } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
  });
}
