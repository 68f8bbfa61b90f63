import type { ClusterView } from '../../../src/domain/clusterView';
import { childrenOf } from '../../../src/domain/tree';
import { rowOf } from '../../../src/domain/treeRow';
import type { TreeContext, TreeInput, TreeNode, TreeOptions } from '../../../src/domain/treeNode';
import { nowMs } from './objects';

export interface InputParts extends Partial<TreeOptions> {
  readonly namespaces?: readonly string[];
  readonly nowMs?: number;
  readonly shown?: ReadonlyMap<string, number>;
}

/** A tree over one context called `demo`. */
export function treeOf(view: ClusterView | undefined, { namespaces, nowMs: at = nowMs, shown, ...options }: InputParts = {}): TreeInput {
  const context: TreeContext = { id: 'demo', label: 'demo', view, ...(namespaces ? { namespaces } : {}) };
  return { contexts: [context], options: { groupBy: 'none', sort: 'health', filter: '', ...options }, nowMs: at, ...(shown ? { shown } : {}) };
}

/** The node reached by the labels of its rows, from the roots. */
export function find(input: TreeInput, ...labels: readonly string[]): TreeNode {
  let node: TreeNode | undefined;
  for (const label of labels) {
    const children: readonly TreeNode[] = childrenOf(node, input);
    node = children.find((child) => rowOf(child, input).label === label);
    if (!node) {
      throw new Error(`"${label}" is not among ${children.map((child) => `"${rowOf(child, input).label}"`).join(', ')}`);
    }
  }
  return node ?? (() => { throw new Error('no labels'); })();
}

/** `label | description` of the children of the node reached by labels. */
export function lines(input: TreeInput, ...labels: readonly string[]): readonly string[] {
  return childrenOf(labels.length === 0 ? undefined : find(input, ...labels), input).map((child) => {
    const { label, description } = rowOf(child, input);
    return description === '' ? label : `${label} | ${description}`;
  });
}
