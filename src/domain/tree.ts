import { t } from '@vscode/l10n';
import type { ClusterView } from './clusterView';
import type { KubeObject } from './kubeObject';
import type { KindId } from './kind';
import type { Note, ObjectNode, TreeContext, TreeInput, TreeNode } from './treeNode';

/** The nodes below `node`, or the roots. Synchronous and from memory. */
export function childrenOf(node: TreeNode | undefined, input: TreeInput): readonly TreeNode[] {
  if (!node) {
    return input.contexts.map(({ id }) => ({ type: 'context', id, parent: undefined, context: id }));
  }
  const context = input.contexts.find(({ id }) => id === node.context);
  if (!context) {
    return [];
  }
  if (node.type === 'context') {
    return kindNodes(node, context);
  }
  return node.type === 'kind' ? objectNodes(node, node.kind, context.view) : [];
}

function kindNodes(parent: TreeNode, { view }: TreeContext): readonly TreeNode[] {
  if (!view) {
    return [noteNode(parent, { kind: 'empty', text: t('Not connected'), action: { title: t('Connect'), do: 'connect' } })];
  }
  if (view.connection.phase === 'failed') {
    return [noteNode(parent, { kind: 'problem', text: view.connection.problem.message, action: { title: t('Try again'), do: 'retry' } })];
  }
  if (!view.kinds) {
    return [noteNode(parent, { kind: 'loading', text: t('Loading') })];
  }
  return view.kinds.map(({ id }) => ({ type: 'kind', id: `${parent.id}/${id}`, parent, context: parent.context, kind: id }));
}

function objectNodes(parent: TreeNode, kind: KindId, view: ClusterView | undefined): readonly TreeNode[] {
  const list = view?.list(kind);
  if (!list) {
    return [noteNode(parent, { kind: 'loading', text: t('Loading') })];
  }
  return list.map((object) => objectNode(parent, kind, object));
}

export function objectNode(parent: TreeNode, kind: KindId, { metadata }: KubeObject): ObjectNode {
  return {
    type: 'object', id: `${parent.id}/${kind}:${metadata.namespace ?? ''}/${metadata.name}`, parent, context: parent.context,
    kind, name: metadata.name, namespace: metadata.namespace,
  };
}

function noteNode(parent: TreeNode, note: Note): TreeNode {
  return { type: 'note', id: `${parent.id}/${note.kind}`, parent, context: parent.context, note };
}
