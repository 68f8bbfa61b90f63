import type { ClusterView } from '../../src/domain/clusterView';
import { ShownTree } from '../../src/domain/shownTree';
import { childrenOf } from '../../src/domain/tree';
import type { TreeInput, TreeNode } from '../../src/domain/treeNode';
import { rowOf } from '../../src/domain/treeRow';

export function inputOf(view: ClusterView, options: Partial<TreeInput['options']> = {}): TreeInput {
  return { contexts: [{ id: 'bench', label: 'bench', view }], options: { groupBy: 'namespace', sort: 'health', filter: '', ...options }, nowMs: Date.now() };
}

/** Answers every row of the tree as if all of it were expanded, "Load more" included; how many there were. */
export function answerAll(input: TreeInput, withMachineChildren: boolean): number {
  let count = 0;
  const shown = new Map<string, number>();
  const all: TreeInput = { ...input, shown };
  const visit = (node: TreeNode): void => {
    count++;
    const row = rowOf(node, all);
    if (row.collapsible === 'none' || (node.type === 'object' && !withMachineChildren)) {
      return;
    }
    shown.set(node.id, Number.MAX_SAFE_INTEGER);
    childrenOf(node, all).forEach(visit);
  };
  childrenOf(undefined, all).forEach(visit);
  return count;
}

/** A tree as an editor shows it: the machines and the first namespace expanded. `refresh` reads again what a change may have touched. */
export function openTree(view: ClusterView): { refresh(): void } {
  const tree = new ShownTree();
  const reader = () => {
    const input = inputOf(view);
    return { childrenOf: (node: TreeNode | undefined) => childrenOf(node, input), rowOf: (node: TreeNode) => rowOf(node, input), nowMs: input.nowMs };
  };
  const [context] = tree.children(undefined, reader());
  const machines = tree.children(context, reader()).find(({ node }) => node.type === 'kind' && node.kind === 'VirtualMachine');
  const [group] = tree.children(machines, reader());
  tree.children(group, reader());
  return {
    refresh: () => {
      const now = reader();
      for (const changed of tree.changed(now, Date.now())) {
        tree.children(changed, now);
      }
    },
  };
}
