import assert from 'node:assert/strict';
import { TreeItemCollapsibleState } from 'vscode';
import { until } from '../../until';
import { connected, extension, nodeAt, objectsBelow } from './support';

suite('Explorer', () => {
  test('the tree shows the contexts and every machine of the cluster', async () => {
    const api = await extension();
    const { context, view } = await connected(api);
    const tree = api.explorer.all;
    const machines = nodeAt(tree, context.name, 'Machines');
    assert.ok(machines);
    const names = objectsBelow(tree, machines).map(({ row }) => row.label).sort();
    assert.deepEqual(names, (view.list('VirtualMachine') ?? []).map(({ metadata }) => metadata.name).sort());
  });

  test('a row has a stable id, an icon, words for menus and for screen readers', async () => {
    const { tree, machine } = await firstMachine();
    const item = tree.getTreeItem(machine);
    assert.equal(item.id, machine.id);
    assert.ok(item.iconPath);
    assert.match(item.contextValue ?? '', /^VirtualMachine\b.*\bobject$/);
    assert.ok(item.accessibilityInformation?.label.includes(machine.row.label));
    assert.notEqual(item.collapsibleState, TreeItemCollapsibleState.None);
  });

  test('a tooltip is made when it is asked for', async () => {
    const { tree, machine } = await firstMachine();
    const item = tree.getTreeItem(machine);
    assert.equal(item.tooltip, undefined);
    const { tooltip } = await tree.resolveTreeItem(item, machine);
    assert.ok(typeof tooltip === 'object' && tooltip.value.replaceAll('\\', '').includes(machine.row.label));
    assert.ok(!tooltip.isTrusted || typeof tooltip.isTrusted === 'object');
  });

  test('a filter narrows the tree and is taken back', async () => {
    const api = await extension();
    const { context, view } = await connected(api);
    const tree = api.explorer.all;
    const name = view.list('VirtualMachine')?.[0]?.metadata.name ?? '';
    const count = () => {
      const machines = nodeAt(tree, context.name, 'Machines');
      return machines ? objectsBelow(tree, machines).length : 0;
    };
    const all = count();
    api.options.set({ filter: name });
    assert.ok(count() >= 1 && count() < all);
    api.options.set({ filter: '' });
    assert.equal(count(), all);
  });

  test('what needs attention is listed, and what there is to do is counted in the badge', async () => {
    const api = await extension();
    await connected(api);
    const { attention } = api.explorer;
    const items = () => attention.getChildren().filter(({ node }) => node.type === 'attentionItem');
    // What is merely worth knowing is listed, but is nothing to do.
    const todo = () => items().filter(({ row }) => row.icon !== 'info').length;
    await until(() => attention.view.badge?.value === todo(), 'the badge counts what there is to do');
    assert.ok(todo() > 0 && todo() < items().length, 'the embedded company has machines that are unwell, and some to know about');
  });
});

/** The tree of a connected cluster and its first machine's row. */
async function firstMachine() {
  const api = await extension();
  const { context } = await connected(api);
  const tree = api.explorer.all;
  const machines = nodeAt(tree, context.name, 'Machines');
  assert.ok(machines);
  const [machine] = objectsBelow(tree, machines);
  assert.ok(machine);
  return { tree, machine };
}
