import assert from 'node:assert/strict';
import type { FoldingRange, Hover, MarkdownString, Position, Uri } from 'vscode';
import { commands, window, workspace } from 'vscode';
import { apply } from '../../../src/vscode/applyManifest';
import type { Clusters } from '../../../src/vscode/clusters';
import type { ManifestDiffs } from '../../../src/vscode/manifestDiff';
import type { Report } from '../../../src/vscode/report';
import { until } from '../../until';
import { connected, extension } from './support';

const disk = 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualDisk\nmetadata:\n  name: data\nspec:\n  persistentVolumeClaim:\n    size: 10Gi\n';

suite('Manifests', () => {
  test('hovers say that the connected cluster itself describes its kinds', async () => {
    await connected(await extension());
    const document = await workspace.openTextDocument({ language: 'yaml', content: disk });
    await window.showTextDocument(document);
    const place = document.positionAt(disk.indexOf('persistentVolumeClaim') + 2);
    await until(async () => {
      const text = await hoverText(document.uri, place);
      return text.includes('schema of the connected cluster') ? text : undefined;
    }, 'the cluster has told its schemas');
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('Secrets of the cluster are asked for once a manifest speaks of them, and no longer than that', async () => {
    const { view } = await connected(await extension());
    await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml', content: disk }));
    await until(() => view.state('Node').phase === 'live' || undefined, 'what every manifest may name is listed');
    assert.equal(view.state('Secret').phase, 'unlisted');
    const editor = await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml', content: disk }));
    const end = editor.document.positionAt(disk.indexOf('  persistentVolumeClaim'));
    await editor.edit((change) => change.insert(end, '  dataSource:\n    type: ContainerImage\n    containerImage:\n      imagePullSecret:\n        name: x\n'));
    await until(() => view.state('Secret').phase === 'live' || undefined, 'Secrets are listed');
    await commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => view.state('Secret').phase === 'unlisted' || undefined, 'Secrets are forgotten');
  });

  test('F18: a manifest goes where it was aimed, also when another context becomes the current one before the answer', async () => {
    const { report } = await extension();
    const session = await connected(await extension());
    const { context } = session;
    const elsewhere = { context: { ...context, id: 'elsewhere', name: 'elsewhere' }, view: session.view, get api(): never { throw new Error('the other context is asked'); } };
    let current = context;
    const clusters = { get current() { return current; }, session: (id: string) => (id === context.id ? session : elsewhere) } as unknown as Clusters;
    let asked = '';
    const answering: Report = {
      ...report, tell: () => Promise.resolve(),
      choose: (_, detail, first) => {
        asked = detail;
        current = elsewhere.context;
        return Promise.resolve(first);
      },
    };
    const metadata = session.view.list('VirtualDisk')?.[0]?.metadata;
    assert.ok(metadata?.namespace);
    const { name, namespace } = metadata;
    const text = `apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualDisk\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n  labels:\n    aimed: here\n`;
    const manifest = { text, value: undefined, id: 'VirtualDisk', kind: 'VirtualDisk', version: 'v1alpha2', name, namespace } as const;
    await apply(manifest, { clusters, report: answering, diffs: { show: () => Promise.reject(new Error('nothing is shown')) } as unknown as ManifestDiffs });
    assert.match(asked, new RegExp(`context "${context.name}"`));
    await until(() => session.view.get('VirtualDisk', name, namespace)?.metadata.labels?.['aimed'] === 'here' || undefined, 'it is in the cluster that it was aimed at');
  });

  test('what is applied is what was shown: an object that changes while the question stands is asked about anew', async () => {
    const { report } = await extension();
    const session = await connected(await extension());
    const { context, api, view } = session;
    const name = 'changing';
    const resource = { group: 'virtualization.deckhouse.io', version: 'v1alpha2', plural: 'virtualdisks', namespaced: true };
    const namespace = view.list('VirtualDisk')?.[0]?.metadata.namespace;
    assert.ok(namespace);
    const text = (size: string) => disk.replace('name: data', `name: ${name}\n  namespace: ${namespace}`).replace('10Gi', size);
    const write = (size: string) => api.patch(resource, { name, namespace }, text(size), { type: 'apply', fieldManager: 'dvp-vscode' });
    await write('10Gi');
    const asked: string[] = [];
    const answering: Report = {
      ...report, tell: () => Promise.resolve(),
      choose: async (question, detail, first) => {
        asked.push(`${question} ${detail}`);
        await (asked.length === 1 && write('12Gi'));
        return first;
      },
    };
    const manifest = { text: text('20Gi'), value: undefined, id: 'VirtualDisk', kind: 'VirtualDisk', version: 'v1alpha2', name, namespace } as const;
    const clusters = { current: context, session: () => session } as unknown as Clusters;
    await apply(manifest, { clusters, report: answering, diffs: { show: () => Promise.reject(new Error('nothing is shown')) } as unknown as ManifestDiffs });
    assert.equal(asked.length, 2, asked.join('\n'));
    assert.match(asked[0] ?? '', /^Apply the manifest[^]*10Gi → 20Gi/);
    assert.match(asked[1] ?? '', /changed since the last question[^]*12Gi → 20Gi/);
    await api.delete(resource, { name, namespace });
  });

  test('documents of a file fold', async () => {
    await extension();
    const document = await workspace.openTextDocument({ language: 'yaml', content: `${disk}---\n${disk}` });
    await window.showTextDocument(document);
    const ranges = await until(async () => {
      const found = await commands.executeCommand<FoldingRange[] | undefined>('vscode.executeFoldingRangeProvider', document.uri);
      return found && found.length >= 2 ? found : undefined;
    }, 'both documents fold');
    assert.ok(ranges.some(({ start, end }) => start === 0 && end === 6), JSON.stringify(ranges));
    await commands.executeCommand('workbench.action.closeAllEditors');
  });
});

async function hoverText(uri: Uri, place: Position): Promise<string> {
  const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, place);
  return hovers.flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : (content as MarkdownString).value))).join('\n');
}
