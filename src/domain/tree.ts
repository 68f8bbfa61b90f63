import { t } from '@vscode/l10n';
import { attentionNodes } from './attentionTree';
import type { ServedKind } from './clusterView';
import type { KindId } from './kind';
import { platformGroup } from './kind';
import { knownKind } from './kinds/index';
import type { KubeObject } from './kubeObject';
import { connectionNote, emptyNote, partialNote, problemNote } from './notes';
import { relatedTo } from './related';
import { grouped, selected, sorted } from './selection';
import { objectNode, noteNode, paged } from './treePlaces';
import type { ContextNode, Grouping, TreeContext, TreeInput, TreeNode } from './treeNode';

/** Kinds that most people look for less often than for the others: under "More". Kinds that only discovery knows are there too. */
const furtherKinds: ReadonlySet<KindId> = new Set([
  'VirtualMachineSnapshotOperation', 'VirtualMachineRestore', 'VirtualMachineBlockDeviceAttachment', 'VirtualMachineIPAddressLease',
  'VirtualMachineMACAddress', 'VirtualMachineMACAddressLease', 'VirtualMachinePool', 'USBDevice', 'NodeUSBDevice',
]);

/** The nodes below `node`, or the roots. Synchronous and from memory; throws nothing. */
export function childrenOf(node: TreeNode | undefined, input: TreeInput): readonly TreeNode[] {
  if (!node) {
    return input.contexts.map(({ id }): ContextNode => ({ type: 'context', id, parent: undefined, context: id }));
  }
  if (node.type === 'attention') {
    return attentionNodes(node, input);
  }
  const context = input.contexts.find(({ id }) => id === node.context);
  if (!context) {
    return [];
  }
  switch (node.type) {
    case 'context': return belowContext(node, context);
    case 'more': return kindNodes(node, context, true);
    case 'kind': return belowKind(node, node.kind, context, input);
    case 'group': return objectNodes(node, node.kind, groupOf(node.kind, node.value, context, input), input);
    case 'object': return belowObject(node, node.kind, context, input);
    case 'loadMore':
    case 'note':
    case 'attentionItem': return [];
  }
}

/** Kinds of the platform that can be listed in a context; `undefined` until discovery has answered. */
function shownKinds({ view }: TreeContext): readonly ServedKind[] | undefined {
  return view?.kinds?.filter(({ group, verbs }) => group === platformGroup && (verbs.length === 0 || verbs.includes('list')));
}

/** What of a kind passes the filters of the tree; `undefined` while it is not known. */
export function shownObjects(kind: KindId, { view, namespaces }: TreeContext, { options }: TreeInput): readonly KubeObject[] | undefined {
  const list = view?.list(kind);
  return list && selected(list, { filter: options.filter, namespaces });
}

/** By what the objects of a kind are grouped now. Only machines have nodes, classes and the like; namespaces all have. */
export function groupingOf(kind: KindId, { namespaces }: TreeContext, { options }: TreeInput): Grouping {
  if (options.groupBy === 'namespace') {
    return namespaces?.length === 1 || knownKind(kind)?.namespaced === false ? 'none' : 'namespace';
  }
  return kind === 'VirtualMachine' ? options.groupBy : 'none';
}

function belowContext(parent: TreeNode, context: TreeContext): readonly TreeNode[] {
  const { view } = context;
  if (!view || view.connection.phase === 'idle') {
    return [noteNode(parent, { kind: 'empty', text: t('Not connected.'), action: { title: t('Connect'), do: 'connect' } })];
  }
  const { connection } = view;
  const trouble = connection.phase === 'failed' || connection.phase === 'lost' ? [noteNode(parent, connectionNote(connection))] : [];
  if (!view.kinds) {
    return trouble.length > 0 ? trouble : [noteNode(parent, { kind: 'loading', text: t('Loading') })];
  }
  if (shownKinds(context)?.length === 0) {
    return [...trouble, noteNode(parent, {
      kind: 'info', text: t('This cluster has no virtualization.'),
      detail: t('The cluster answers, but serves no kind of {0}. Enable the module "virtualization" and try again.', platformGroup),
      action: { title: t('Try again'), do: 'retry' },
    })];
  }
  const more: TreeNode = { type: 'more', id: `${parent.id}/more`, parent, context: parent.context };
  return [...trouble, ...kindNodes(parent, context, false), ...(kindNodes(more, context, true).length > 0 ? [more] : [])];
}

function kindNodes(parent: TreeNode, context: TreeContext, further: boolean): readonly TreeNode[] {
  return (shownKinds(context) ?? []).filter(({ id }) => (furtherKinds.has(id) || !knownKind(id)) === further)
    .map(({ id }) => ({ type: 'kind', id: `${context.id}/${id}`, parent, context: parent.context, kind: id }));
}

function belowKind(parent: TreeNode, kind: KindId, context: TreeContext, input: TreeInput): readonly TreeNode[] {
  const state = context.view?.state(kind);
  const objects = shownObjects(kind, context, input);
  if (!objects) {
    return [noteNode(parent, state?.phase === 'failed' ? problemNote(state.problem) : { kind: 'loading', text: t('Loading') })];
  }
  const partial = state?.phase === 'live' && state.partial ? [noteNode(parent, partialNote(state.namespaces, state.partial))] : [];
  if (objects.length === 0) {
    return [noteNode(parent, emptyNote(kind, context, input)), ...partial];
  }
  const groupBy = groupingOf(kind, context, input);
  if (groupBy === 'none') {
    return [...objectNodes(parent, kind, objects, input), ...partial];
  }
  const groups = [...grouped(objects, groupBy).keys()].map((value): TreeNode => ({ type: 'group', id: `${parent.id}/=${value}`, parent, context: parent.context, kind, value }));
  return [...paged(parent, groups, input), ...partial];
}

/** The objects of one group. Those of a namespace come from the store's own list of it, which stays the same while other namespaces change. */
export function groupOf(kind: KindId, value: string, context: TreeContext, input: TreeInput): readonly KubeObject[] {
  const groupBy = groupingOf(kind, context, input);
  const ofNamespace = groupBy === 'namespace' && value !== '' ? context.view?.list(kind, value) : undefined;
  if (ofNamespace) {
    return selected(ofNamespace, { filter: input.options.filter });
  }
  const objects = shownObjects(kind, context, input);
  return objects && groupBy !== 'none' ? grouped(objects, groupBy).get(value) ?? [] : [];
}

function objectNodes(parent: TreeNode, kind: KindId, objects: readonly KubeObject[], input: TreeInput): readonly TreeNode[] {
  return paged(parent, sorted(objects, input.options.sort, input.nowMs), input, ({ metadata }) => objectNode(parent, { kind, name: metadata.name, namespace: metadata.namespace }));
}

/** Only objects that stand in a list of their kind unfold, so that no circle of references is endless. */
function belowObject(parent: TreeNode & { readonly type: 'object' }, kind: KindId, { view }: TreeContext, input: TreeInput): readonly TreeNode[] {
  const object = parent.parent?.type === 'object' ? undefined : view?.get(kind, parent.name, parent.namespace);
  return object && view ? paged(parent, relatedTo(object, kind, view), input, (ref) => objectNode(parent, ref)) : [];
}
