import { t } from '@vscode/l10n';
import { type Command, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { ConnectionState } from '../domain/clusterView';
import type { ShownNode } from '../domain/shownTree';
import type { NoteAction, TreeNode, TreeRow } from '../domain/treeNode';

/** The item of a shown node; `connection` of its context, `undefined` while not connected. */
export function treeItem({ node, row }: ShownNode, isExpanded: boolean, connection: ConnectionState | undefined): TreeItem {
  const item = new TreeItem(row.label, collapsibleState(row, isExpanded));
  item.id = row.id;
  item.description = row.description;
  if (row.icon) {
    item.iconPath = new ThemeIcon(row.icon, row.color === undefined ? undefined : new ThemeColor(row.color));
  }
  item.contextValue = [row.contextValue, ...abilities(node, connection)].join(' ');
  if (row.tooltip !== undefined) {
    item.tooltip = row.tooltip;
  }
  item.accessibilityInformation = { label: row.accessibleLabel ?? [row.label, row.description].filter(Boolean).join(', ') };
  const command = commandOf(node, row);
  if (command) {
    item.command = command;
  }
  return item;
}

function collapsibleState({ collapsible }: TreeRow, isExpanded: boolean): TreeItemCollapsibleState {
  if (collapsible === 'none') {
    return TreeItemCollapsibleState.None;
  }
  return isExpanded ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

/** What the editor can do with a row beyond the operations that the domain lists; `commandList.ts` asks for these words. */
function abilities(node: TreeNode, connection: ConnectionState | undefined): readonly string[] {
  switch (node.type) {
    case 'object':
    case 'attentionItem':
      return ['object'];
    case 'context':
      return [connection ? 'context.open' : 'context.idle', ...(connection?.phase === 'failed' || connection?.phase === 'lost' ? ['retry'] : [])];
    case 'note':
      return node.note.action?.do === 'retry' ? ['retry'] : [];
    case 'kind':
    case 'more':
    case 'group':
    case 'loadMore':
    case 'attention':
      return [];
  }
}

function commandOf(node: TreeNode, row: TreeRow): Command | undefined {
  if (node.type === 'loadMore') {
    return { title: t('Load more'), command: 'dvp.view.more', arguments: [node.parent?.id ?? ''] };
  }
  return row.action && { title: row.action.title, ...actionCommand(row.action.do, node) };
}

function actionCommand(action: NoteAction['do'], { context, parent }: TreeNode): { readonly command: string; readonly arguments?: unknown[] } {
  switch (action) {
    case 'connect': return { command: 'dvp.context.connect', arguments: [context] };
    case 'retry': return { command: 'dvp.context.retry', arguments: [context] };
    case 'clearFilter': return { command: 'dvp.view.clearFilter' };
    case 'create': return { command: 'dvp.manifest.new', arguments: parent?.type === 'kind' ? [parent.kind] : [] };
  }
}
