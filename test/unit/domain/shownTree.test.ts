import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ShownNode, ShownTree, type TreeReader } from '../../../src/domain/shownTree';
import type { TreeNode, TreeRow } from '../../../src/domain/treeNode';

/** A tree written as nested records: a node's key is its id, `label` of a node stands in `labels`. */
class Model implements TreeReader {
  tree: Record<string, readonly string[]>;
  labels: Record<string, string> = {};
  descriptions: Record<string, string> = {};
  types: Record<string, 'kind'> = {};
  nowMs = 0;
  reads = 0;

  constructor(tree: Record<string, readonly string[]>) {
    this.tree = tree;
  }

  childrenOf(node: TreeNode | undefined): readonly TreeNode[] {
    this.reads++;
    return (this.tree[node?.id ?? ''] ?? []).map((id) => ({ type: this.types[id] ?? 'object', id, parent: node, context: 'c', kind: 'VirtualMachine', name: id }));
  }

  rowOf({ id }: TreeNode): TreeRow {
    return { id, label: this.labels[id] ?? id, description: this.descriptions[id] ?? '', icon: '', health: 'ok', collapsible: 'collapsed', contextValue: '' };
  }
}

function ids(nodes: readonly (ShownNode | undefined)[]): string[] {
  return nodes.map((node) => node?.id ?? 'root');
}

function expandAll(tree: ShownTree, model: Model, node?: ShownNode): void {
  for (const child of tree.children(node, model)) {
    expandAll(tree, model, child);
  }
}

test('nothing changed: nothing to refresh', () => {
  const model = new Model({ '': ['a', 'b'], a: ['a1', 'a2'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  assert.deepEqual(tree.changed(model, 0), []);
});

test('a changed row refreshes that row alone', () => {
  const model = new Model({ '': ['a', 'b'], a: ['a1', 'a2'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  model.labels['a2'] = 'other';
  assert.deepEqual(ids(tree.changed(model, 0)), ['a2']);
  assert.deepEqual(tree.changed(model, 0), [], 'once');
});

test('a new, gone or moved child refreshes its parent alone', () => {
  for (const children of [['a1', 'a2', 'a3'], ['a1'], ['a2', 'a1']]) {
    const model = new Model({ '': ['a', 'b'], a: ['a1', 'a2'], b: ['b1'] });
    const tree = new ShownTree();
    expandAll(tree, model);
    model.tree['a'] = children;
    assert.deepEqual(ids(tree.changed(model, 0)), ['a']);
    expandAll(tree, model);
    assert.deepEqual(tree.changed(model, 0), []);
  }
});

test('what changed below a refreshed node is not refreshed twice', () => {
  const model = new Model({ '': ['a'], a: ['a1'], a1: ['a11'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  model.labels['a'] = 'other';
  model.labels['a11'] = 'other';
  assert.deepEqual(ids(tree.changed(model, 0)), ['a']);
});

test('a collapsed node whose children changed is told once and costs nothing until it is expanded again', () => {
  const model = new Model({ '': ['a'], a: ['a1'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  model.tree['a'] = ['a1', 'a2'];
  assert.deepEqual(ids(tree.changed(model, 0)), ['a']);
  model.tree['a'] = ['a3'];
  model.reads = 0;
  assert.deepEqual(tree.changed(model, 0), []);
  assert.equal(model.reads, 1, 'only the roots are read');
});

test('a row that changes again while its children are unasked for is still refreshed', () => {
  const model = new Model({ '': ['a'], a: ['a1'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  model.tree['a'] = [];
  tree.changed(model, 0);
  model.labels['a'] = 'other';
  assert.deepEqual(ids(tree.changed(model, 0)), ['a']);
});

test('new roots refresh everything', () => {
  const model = new Model({ '': ['a'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  model.tree[''] = ['a', 'b'];
  assert.deepEqual(ids(tree.changed(model, 0)), ['root']);
});

test('a node stays the same object while it is shown, and is forgotten with everything below when it goes', () => {
  const model = new Model({ '': ['a', 'b'], a: ['a1'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  const before = tree.get('a');
  model.labels['a'] = 'other';
  tree.changed(model, 0);
  expandAll(tree, model);
  assert.equal(tree.get('a'), before);
  assert.equal(before?.row.label, 'other');
  model.tree[''] = ['b'];
  tree.changed(model, 0);
  expandAll(tree, model);
  assert.equal(tree.get('a'), undefined);
  assert.equal(tree.get('a1'), undefined);
});

test('what is shown below a row that was taken is forgotten until somebody asks for it', () => {
  const model = new Model({ '': ['a', 'b', 'c'], a: ['a1'], a1: ['a11'], b: ['b1'], c: ['c1'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  const take = (id: string) => tree.taken(tree.get(id) ?? assert.fail());
  const forgotten = () => [...tree.forgotten(({ id }) => id !== 'c')];
  assert.deepEqual(forgotten(), []);
  take('a');
  take('a11');
  take('c');
  assert.deepEqual(forgotten(), ['a1', 'a11'], 'not what is below collapsed rows');
  take('a1');
  tree.children(tree.get('a'), model);
  assert.deepEqual(forgotten(), ['a11']);
  tree.children(tree.get('a1'), model);
  assert.deepEqual(forgotten(), []);
  model.tree[''] = ['b'];
  tree.changed(model, 0);
  assert.deepEqual(forgotten(), ['a', 'a1', 'a11', 'b', 'b1', 'c'], 'everything, when the roots have to be read again');
});

test('what was lost is remembered beside it and above it', () => {
  const model = new Model({ '': ['a', 'b'], a: ['a1', 'a2'], a1: ['a11', 'a12'], b: ['b1'] });
  const tree = new ShownTree();
  expandAll(tree, model);
  model.tree['a1'] = ['a11'];
  model.nowMs = 5;
  tree.children(tree.get('a1'), model);
  const beside = (id: string) => tree.lastLossBeside(tree.get(id) ?? assert.fail());
  assert.deepEqual(['a11', 'a2', 'b', 'b1'].map(beside), [5, 5, 5, Number.NEGATIVE_INFINITY]);
});

test('before anything was shown nothing is refreshed', () => {
  assert.deepEqual(new ShownTree().changed(new Model({ '': ['a'] }), 0), []);
});

test('what a row sums up of the rows below it is told now and then, everything else at once', () => {
  const model = new Model({ '': ['a', 'b'], a: ['a1', 'a2'] });
  model.types = { a: 'kind', b: 'kind' };
  const tree = new ShownTree();
  expandAll(tree, model);
  model.descriptions = { a: '2 of 3' };
  assert.deepEqual(ids(tree.changed(model, 10_000)), ['a'], 'the first time');
  expandAll(tree, model);

  model.descriptions = { a: '3 of 3', a2: 'Running', b: '1' };
  assert.deepEqual(ids(tree.changed(model, 10_100)), ['a2'], 'what is below, meanwhile');
  assert.equal(tree.postponedToMs, 11_000);
  assert.deepEqual(ids(tree.changed(model, 11_000)), ['a', 'b']);
  assert.equal(tree.postponedToMs, undefined);
  assert.equal(tree.get('a')?.row.description, '3 of 3');
  expandAll(tree, model);

  model.descriptions['a'] = '4 of 4';
  model.tree['a'] = ['a1', 'a2', 'a3'];
  assert.deepEqual(ids(tree.changed(model, 11_100)), ['a'], 'new rows below');
  assert.equal(tree.get('a')?.row.description, '4 of 4', 'with the count that belongs to them');
});
