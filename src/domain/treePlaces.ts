import type { LoadMoreNode, Note, NoteNode, ObjectNode, ObjectRef, TreeInput, TreeNode } from './treeNode';
import { pageSize } from './treeNode';

export function objectNode(parent: TreeNode, { kind, name, namespace }: ObjectRef): ObjectNode {
  return { type: 'object', id: `${parent.id}/${kind}:${namespace ?? ''}/${name}`, parent, context: parent.context, kind, name, namespace };
}

export function noteNode(parent: TreeNode, note: Note): NoteNode {
  return { type: 'note', id: `${parent.id}/${note.kind}`, parent, context: parent.context, note };
}

/** The first siblings and, when there are more than are shown, "Load more". `toNode` runs for the shown ones only. */
export function paged<T>(parent: TreeNode, items: readonly T[], input: TreeInput, toNode: (item: T) => TreeNode): readonly TreeNode[];
export function paged(parent: TreeNode, items: readonly TreeNode[], input: TreeInput): readonly TreeNode[];
export function paged<T>(parent: TreeNode, items: readonly T[], { shown }: TreeInput, toNode = (item: T) => item as unknown as TreeNode): readonly TreeNode[] {
  const count = shown?.get(parent.id) ?? pageSize;
  if (items.length <= count) {
    return items.map(toNode);
  }
  const more: LoadMoreNode = { type: 'loadMore', id: `${parent.id}/loadMore`, parent, context: parent.context, hidden: items.length - count };
  return [...items.slice(0, count).map(toNode), more];
}
