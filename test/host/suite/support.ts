import assert from 'node:assert/strict';
import { extensions } from 'vscode';
import type { TestApi } from '../../../src/extension';
import type { ClusterSession } from '../../../src/vscode/clusters';
import type { ClusterTree } from '../../../src/vscode/tree';
import type { ShownNode } from '../../../src/domain/shownTree';

const extensionId = 'dvp-tools.deckhouse-virtualization';

/** The running extension, activated if it is not yet. */
export async function extension(): Promise<TestApi> {
  const api = (await extensions.getExtension<TestApi>(extensionId)?.activate()) ?? undefined;
  assert.ok(api, 'the extension gives tests its parts');
  return api;
}

/** Asks until `look` gives something, because VS Code tells nobody when views and editors have caught up. */
export async function eventually<T>(what: string, look: () => T | undefined | Promise<T | undefined>, timeoutMs = 20_000): Promise<T> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value !== undefined) {
      return value;
    }
    assert.ok(Date.now() < endMs, `${what} within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The first context of the kubeconfig, connected, with its machines listed. */
export async function connected({ clusters }: TestApi): Promise<ClusterSession> {
  await clusters.load();
  const [context] = clusters.contexts ?? [];
  assert.ok(context, 'the kubeconfig has a context');
  clusters.use(context.id);
  return eventually('machines are listed', () => {
    const session = clusters.session(context.id);
    return session?.view.state('VirtualMachine').phase === 'live' ? session : undefined;
  });
}

/** The shown node at the end of a path of labels. */
export function nodeAt(tree: ClusterTree, ...labels: readonly string[]): ShownNode | undefined {
  let node: ShownNode | undefined;
  for (const label of labels) {
    node = tree.getChildren(node).find(({ row }) => row.label === label);
    if (!node) {
      return undefined;
    }
  }
  return node;
}

/** Every object of a kind below a node, through all groups. */
export function objectsBelow(tree: ClusterTree, node: ShownNode): readonly ShownNode[] {
  return tree.getChildren(node).flatMap((child) => (child.node.type === 'group' ? objectsBelow(tree, child) : [child]));
}
