import { t } from '@vscode/l10n';
import { healthOf } from './health';
import type { Health, KindId } from './kind';
import { knownKind } from './kinds/index';
import { phaseOf } from './kubeObject';
import { operations } from './operations';
import type { TreeInput, TreeNode, TreeRow } from './treeNode';

/** What the line of a node shows now; constant time. */
export function rowOf(node: TreeNode, input: TreeInput): TreeRow {
  const context = input.contexts.find(({ id }) => id === node.context);
  const row: TreeRow = { id: node.id, label: '', description: '', icon: '', health: 'unknown', collapsible: 'collapsed', contextValue: node.type };
  switch (node.type) {
    case 'context': return { ...row, label: context?.label ?? node.context, icon: 'server-environment' };
    case 'kind': return { ...row, label: knownKind(node.kind)?.title ?? node.kind, icon: knownKind(node.kind)?.icon ?? 'symbol-misc', description: String(context?.view?.list(node.kind)?.length ?? '') };
    case 'object': {
      const object = context?.view?.get(node.kind, node.name, node.namespace);
      if (!object || !context?.view) {
        return { ...row, label: node.name, collapsible: 'none' };
      }
      const health = healthOf(object, input.nowMs);
      return {
        ...row, label: node.name, description: phaseOf(object) ?? t('New'), icon: icons[health], color: colors[health], health,
        contextValue: [node.kind, ...abilities(node.kind, object, context.view)].join(' '),
      };
    }
    case 'note': return { ...row, label: node.note.text, collapsible: 'none', ...(node.note.action ? { action: node.note.action } : {}) };
    case 'more':
    case 'group':
    case 'loadMore':
    case 'attention':
    case 'attentionItem': return { ...row, collapsible: 'none' };
  }
}

const icons: Readonly<Record<Health, string>> = { ok: 'circle-filled', busy: 'loading~spin', warning: 'warning', failed: 'error', off: 'circle-outline', unknown: 'question' };
const colors: Readonly<Record<Health, string>> = {
  ok: 'testing.iconPassed', busy: 'foreground', warning: 'list.warningForeground', failed: 'list.errorForeground', off: 'disabledForeground', unknown: 'disabledForeground',
};

function abilities(kind: KindId, object: Parameters<typeof phaseOf>[0], view: Parameters<typeof operations['vm.start']['applies']>[1]): string[] {
  return (knownKind(kind)?.operations ?? []).filter((id) => operations[id].applies(object, view) === true);
}
