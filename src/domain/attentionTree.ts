import { t } from '@vscode/l10n';
import { formatDuration } from './age';
import { type Attention, attentionCount, attentionOf, isIn } from './attention';
import { attentionKinds, findingsOf } from './attentionRules';
import { briefCause, restartChanges } from './cause';
import type { ClusterView } from './clusterView';
import type { KindName } from './kind';
import { conditionOf, phaseOf } from './kubeObject';
import { noteNode, paged } from './treePlaces';
import type { AttentionItemNode, AttentionNode, TreeInput, TreeNode } from './treeNode';
import { stringAt } from './values';

/** The root of a view of what needs attention, over all contexts. */
export const attentionRoot: AttentionNode = { type: 'attention', id: 'attention', parent: undefined, context: '' };

/** What needs attention in all contexts, the worst first; a line when nothing does or nothing is known. */
export function attentionNodes(parent: TreeNode, input: TreeInput): readonly TreeNode[] {
  const items = input.contexts.flatMap(({ id, view, namespaces = [] }) => {
    const found = view ? attentionOf(view, input.nowMs) : [];
    return found.filter((item) => isIn(item, namespaces)).map((item) => itemNode(parent, id, item));
  });
  if (items.length > 0) {
    return paged(parent, items, input);
  }
  const views = input.contexts.flatMap(({ view }) => (view?.kinds ? [view] : []));
  const known = views.filter((view) => view.list('VirtualMachine') !== undefined);
  if (known.length === 0) {
    return [];
  }
  return [noteNode(parent, { kind: 'empty', text: views.every(isWhollyKnown) ? t('Nothing needs attention.') : t('Nothing of what is known needs attention.') })];
}

/** How many things in all contexts need a person to do something. */
export function attentionTotal({ contexts, nowMs }: TreeInput): number {
  return contexts.reduce((sum, { view, namespaces }) => sum + (view ? attentionCount(attentionOf(view, nowMs), namespaces) : 0), 0);
}

/** Whether everything that could need attention can be looked at. */
function isWhollyKnown(view: ClusterView): boolean {
  return attentionKinds.filter((kind) => view.kinds?.some(({ id }) => id === kind)).every((kind) => view.list(kind) !== undefined);
}

/** The finding behind a node; `undefined` once it is gone. */
export function attentionAt({ kind, name, namespace, code }: AttentionItemNode, view: ClusterView | undefined): Attention | undefined {
  const object = view?.get(kind, name, namespace);
  const found = object ? findingsOf(object, kind as KindName).find((finding) => finding.code === code) : undefined;
  return object && found ? { ...found, kind, name, namespace, object } : undefined;
}

/** One sentence that says what is wrong and for how long. */
export function attentionSentence({ object, code, sinceMs }: Attention, view: ClusterView, nowMs: number): string {
  const duration = formatDuration(nowMs - sinceMs);
  const phase = phaseOf(object) ?? t('New');
  switch (code) {
    case 'failed':
    case 'lost': {
      const cause = briefCause(object, view, nowMs);
      const machine = stringAt(object, 'spec.virtualMachineName');
      if (object.kind === 'VirtualMachineOperation' && machine !== undefined) {
        return t('{0} of "{1}" failed: {2}', stringAt(object, 'spec.type') ?? t('Operation'), machine, cause ?? t('reason unknown'));
      }
      return cause === undefined ? t('{0} for {1}', phase, duration) : t('{0}: {1}', phase, cause);
    }
    case 'trouble': {
      const cause = briefCause(object, view, nowMs) ?? t('reason unknown');
      return phase === 'Running' || phase === 'Ready' ? t('{0} for {1}', cause.slice(0, 1).toUpperCase() + cause.slice(1), duration) : t('{0} for {1}: {2}', phase, duration, cause);
    }
    case 'stuck': return stuckSentence(object, phase, duration, briefCause(object, view, nowMs));
    case 'deleting': return t('Being deleted for {0}: {1}', duration, object.metadata.finalizers?.length ? t('something still uses it') : t('the platform is cleaning up'));
    case 'restart-pending': {
      const changes = restartChanges(object);
      return changes === undefined ? t('Restart pending') : t('Restart pending: {0}', changes);
    }
    case 'not-migratable': return t('Cannot move to another node: {0}', explained(object, 'Migratable'));
    case 'no-agent': return t('The guest agent does not answer');
    case 'old-firmware': return t('Runs on old firmware: migrate or restart it');
  }
}

function stuckSentence(object: Attention['object'], phase: string, duration: string, cause: string | undefined): string {
  return cause === undefined
    ? t('{0} for {1}, longer than usual', object.kind === 'VirtualMachineOperation' ? t('Operation {0}', phase) : phase, duration)
    : t('{0} for {1}: {2}', phase, duration, cause);
}

function explained(object: Attention['object'], type: string): string {
  const reason = conditionOf(object, type)?.reason ?? '';
  if (reason === 'VirtualMachineDisksNotMigratable') {
    return t('a disk is usable on one node only');
  }
  return reason === 'VirtualMachineHostDevicesNotMigratable' ? t('a device of its node is passed through') : t('reason unknown');
}

function itemNode(parent: TreeNode, context: string, { kind, name, namespace, code }: Attention): AttentionItemNode {
  return { type: 'attentionItem', id: `${parent.id}/${context}/${code}/${kind}:${namespace ?? ''}/${name}`, parent, context, kind, name, namespace, code };
}
