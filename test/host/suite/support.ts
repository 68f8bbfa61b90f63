import assert from 'node:assert/strict';
import { extensions } from 'vscode';
import type { TestApi } from '../../../src/extension';
import type * as Extension from '../../../src/extension';
import type { ClusterSession } from '../../../src/vscode/clusters';
import type { ClusterTree } from '../../../src/vscode/tree';
import type { ShownNode } from '../../../src/domain/shownTree';
import { until } from '../../until';

const extensionId = 'dvp-tools.deckhouse-virtualization';

let running: TestApi | undefined;

/** The running extension, activated if it is not yet. */
export async function extension(): Promise<TestApi> {
  running ??= await extensions.getExtension<TestApi>(extensionId)?.activate();
  assert.ok(running, 'the extension gives tests its parts');
  return running;
}

/** Deactivates the extension as VS Code does. */
export async function deactivate(): Promise<void> {
  const { context } = await extension();
  for (const subscription of context.subscriptions.splice(0)) {
    await subscription.dispose();
  }
}

/** Activates the extension anew, in the same process and with the same memory. */
export async function activateAgain(): Promise<TestApi> {
  const { context } = await extension();
  const { main } = context.extension.packageJSON as { readonly main: string };
  const { activate } = (await import(context.asAbsolutePath(main))) as typeof Extension;
  running = activate(context);
  return extension();
}

/** The first context of the kubeconfig, connected, with every kind listed. */
export async function connected({ clusters }: TestApi): Promise<ClusterSession> {
  await clusters.load();
  const [context] = clusters.contexts ?? [];
  assert.ok(context, 'the kubeconfig has a context');
  clusters.use(context.id);
  return until(() => {
    const session = clusters.session(context.id);
    return session?.view.kinds?.every(({ id }) => session.view.state(id).phase === 'live') ? session : undefined;
  }, 'every kind is listed');
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
