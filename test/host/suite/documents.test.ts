import assert from 'node:assert/strict';
import { commands, env, FileSystemError, Uri, window, workspace } from 'vscode';
import { targetOf, uriOf } from '../../../src/vscode/target';
import { until } from '../../until';
import { connected, extension } from './support';

suite('Documents', () => {
  test('F18: a URI names context, namespace, kind and name, whatever characters they have', () => {
    for (const target of [
      { context: 'admin', kind: 'VirtualMachine', namespace: 'default', name: 'web-01' },
      { context: 'user@https://api/x 100%', kind: 'Widget.example.org', name: 'a.yaml' },
      { context: '%2F %25 %', kind: 'VirtualMachine', namespace: 'default', name: 'web-01' },
    ]) {
      const uri = Uri.parse(uriOf(target, 'yaml').toString());
      assert.deepEqual(targetOf(uri), { ...target, as: 'yaml' });
    }
    assert.deepEqual(targetOf(Uri.from({ scheme: 'dvp', path: '/100%/default/VirtualMachine/web-01.yaml' })), { context: '100%', kind: 'VirtualMachine', namespace: 'default', name: 'web-01', as: 'yaml' });
  });

  test('Open YAML shows the object, read-only, and follows it', async () => {
    const { clusters } = await extension();
    const session = await connected(await extension());
    const machine = session.view.list('VirtualMachine')?.[0];
    assert.ok(machine);
    const target = { context: session.context.id, kind: 'VirtualMachine', name: machine.metadata.name, ...(machine.metadata.namespace ? { namespace: machine.metadata.namespace } : {}) };
    await commands.executeCommand('dvp.object.openYaml', target);
    const editor = await until(() => window.activeTextEditor, 'the editor opens');
    const { document } = editor;
    assert.equal(document.uri.scheme, 'dvp');
    assert.equal(document.languageId, 'yaml');
    assert.match(document.getText(), new RegExp(`^kind: VirtualMachine$`, 'm'));
    assert.ok(!document.getText().includes('managedFields'));
    assert.equal(workspace.fs.isWritableFileSystem('dvp'), false);

    const served = clusters.session(session.context.id)?.view.kinds?.find(({ id }) => id === 'VirtualMachine');
    assert.ok(served);
    const mark = `seen-${Date.now()}`;
    await session.api.patch(served, machine.metadata, { metadata: { labels: { 'host-test': mark } } }, { type: 'merge' });
    await until(() => document.getText().includes(mark), 'the document follows the object');
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('Describe opens a text', async () => {
    const session = await connected(await extension());
    const machine = session.view.list('VirtualMachine')?.[0];
    assert.ok(machine);
    await commands.executeCommand('dvp.object.describe', { context: session.context.id, kind: 'VirtualMachine', ...machine.metadata });
    const editor = await until(() => window.activeTextEditor, 'the editor opens');
    assert.ok(editor.document.getText().includes(machine.metadata.name));
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('a document of an object that does not exist says so', async () => {
    const session = await connected(await extension());
    const uri = uriOf({ context: session.context.id, kind: 'VirtualMachine', namespace: 'default', name: 'no-such-machine' }, 'yaml');
    await assert.rejects(async () => workspace.fs.readFile(uri), (error) => error instanceof FileSystemError && error.code === 'FileNotFound');
  });

  test('Copy name puts the names of all chosen objects on the clipboard', async () => {
    const session = await connected(await extension());
    const machines = (session.view.list('VirtualMachine') ?? []).slice(0, 2);
    await commands.executeCommand('dvp.object.copyName', ...machines.map(({ metadata }) => ({ context: session.context.id, kind: 'VirtualMachine', ...metadata })));
    assert.equal(await env.clipboard.readText(), machines.map(({ metadata }) => metadata.name).join('\n'));
  });
});
