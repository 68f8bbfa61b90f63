import { t } from '@vscode/l10n';
import { formatDuration } from './age';
import { attentionAt, attentionSentence, attentionTotal } from './attentionTree';
import type { ConnectionState } from './clusterView';
import { healthIcon, kindIcon } from './icons';
import { healthOf, judge } from './health';
import type { Health, Kind, KindId } from './kind';
import { knownKind } from './kinds/index';
import { type KubeObject, phaseOf } from './kubeObject';
import { isMigration } from './migration/stages';
import { problemBrief } from './notes';
import { operations } from './operations';
import { isActive } from './operations/machineOperation';
import { hasRelated } from './related';
import { addressOf, phaseText, summaryOf } from './summary';
import { groupingOf, groupOf, shownObjects } from './tree';
import { unwellTexts } from './unwell';
import type { AttentionItemNode, GroupNode, KindNode, Note, ObjectNode, TreeContext, TreeInput, TreeNode, TreeRow } from './treeNode';

/** Machines are unfolded at first sight when there are no more than this many. */
const fewMachines = 50;

const separator = ' · ';

/** What the line of a node shows now; constant time, but for counts of a kind that has just changed. */
export function rowOf(node: TreeNode, input: TreeInput): TreeRow {
  const context = input.contexts.find(({ id }) => id === node.context);
  if (context && node.type === 'object') {
    return objectRow(node, context, input);
  }
  const row: TreeRow = { id: node.id, label: '', description: '', icon: '', health: 'unknown', collapsible: 'none', contextValue: node.type };
  switch (node.type) {
    case 'context': return context ? contextRow(row, context, input) : { ...row, label: node.context };
    case 'kind': return context ? kindRow(row, node, context, input) : row;
    case 'more': return { ...row, label: t('More'), icon: 'ellipsis', collapsible: 'collapsed' };
    case 'group': return context ? groupRow(row, node, context, input) : row;
    case 'object': return { ...row, label: node.name };
    case 'loadMore': return { ...row, label: t('Load more'), description: t('{0} hidden', node.hidden), icon: 'chevron-down' };
    case 'note': return noteRow(row, node.note, input);
    case 'attention': return { ...row, label: t('Needs attention'), description: String(attentionTotal(input)), icon: 'bell', collapsible: 'expanded' };
    case 'attentionItem': return context ? attentionRow(row, node, context, input) : { ...row, label: node.name };
  }
}

function contextRow(row: TreeRow, { label, view, namespaces = [] }: TreeContext, { nowMs }: TreeInput): TreeRow {
  const connection: ConnectionState = view?.connection ?? { phase: 'idle' };
  const look = contextLook(connection, nowMs);
  return { ...row, label, description: [namespaces.join(', '), look.text].filter(Boolean).join(separator), icon: look.icon, ...(look.color ? { color: look.color } : {}), health: look.health, collapsible: connection.phase === 'idle' ? 'collapsed' : 'expanded', ...(look.tooltip ? { tooltip: look.tooltip } : {}) };
}

interface ContextLook { readonly text: string; readonly icon: string; readonly color?: string; readonly health: Health; readonly tooltip?: string }

function contextLook(connection: ConnectionState, nowMs: number): ContextLook {
  switch (connection.phase) {
    case 'idle': return { text: t('not connected'), icon: 'circle-outline', color: 'disabledForeground', health: 'off' };
    case 'connecting': return { text: t('connecting'), icon: 'loading~spin', health: 'busy' };
    case 'live': return { text: t('live'), icon: 'server-environment', health: 'ok' };
    case 'lost': return { text: t('last seen {0} ago', formatDuration(nowMs - connection.sinceMs)), icon: 'debug-disconnect', color: 'list.warningForeground', health: 'warning', tooltip: storyOf(connection) };
    case 'failed': return { text: lowerFirst(problemBrief(connection.problem.reason)), icon: 'debug-disconnect', color: 'list.errorForeground', health: 'failed', tooltip: storyOf(connection) };
  }
}

function storyOf({ problem }: Extract<ConnectionState, { phase: 'lost' | 'failed' }>): string {
  return [problem.message, problem.hint].filter(Boolean).join('\n\n');
}

function kindRow(row: TreeRow, { kind }: KindNode, context: TreeContext, input: TreeInput): TreeRow {
  const description = descriptorOf(kind, context);
  const state = context.view?.state(kind);
  const all = context.view?.list(kind);
  const shown = shownObjects(kind, context, input);
  const count = !all || !shown ? undefined : shown.length === all.length ? String(all.length) : t('{0} of {1}', shown.length, all.length);
  const running = kind === 'VirtualMachineOperation' ? shown?.filter(isActive).length : undefined;
  const parts = [
    count, ...unwellTexts(kind, undefined, context, input), running ? t('{0} running', running) : undefined,
    // When nothing of the context is heard any more, its own row says since when.
    state?.phase === 'stale' && context.view?.connection.phase !== 'lost' ? t('last seen {0} ago', formatDuration(input.nowMs - state.sinceMs)) : undefined,
    !all && state?.phase === 'failed' ? lowerFirst(problemBrief(state.problem.reason)) : undefined,
  ];
  return {
    ...row, label: description ? t(description.title) : kind, description: parts.filter(Boolean).join(separator), icon: description?.icon ?? 'symbol-misc',
    ...(state?.phase === 'stale' || (state?.phase === 'failed' && !all) ? { color: 'disabledForeground', tooltip: [state.problem.message, state.problem.hint].filter(Boolean).join('\n\n') } : {}),
    collapsible: kind === 'VirtualMachine' && (all?.length ?? 0) <= fewMachines ? 'expanded' : 'collapsed', contextValue: `kind ${kind}`,
  };
}

function groupRow(row: TreeRow, node: GroupNode, context: TreeContext, input: TreeInput): TreeRow {
  const objects = groupOf(node.kind, node.value, context, input);
  const grouping = groupingOf(node.kind, context, input);
  const isFew = node.kind === 'VirtualMachine' && (shownObjects(node.kind, context, input)?.length ?? 0) <= fewMachines;
  return { ...row, label: node.value || emptyGroup(grouping), description: [String(objects.length), ...unwellTexts(node.kind, node.value, context, input)].join(separator), icon: groupIcon(grouping), collapsible: isFew ? 'expanded' : 'collapsed', contextValue: `group ${typeof grouping === 'string' ? grouping : 'label'}` };
}

function emptyGroup(grouping: ReturnType<typeof groupingOf>): string {
  switch (grouping) {
    case 'node': return t('Not on a node');
    case 'class': return t('Without class');
    case 'phase': return t('New');
    case 'none':
    case 'namespace': return t('Without namespace');
    default: return t('Without label "{0}"', grouping.label);
  }
}

function groupIcon(grouping: ReturnType<typeof groupingOf>): string {
  switch (grouping) {
    case 'node': return 'server';
    case 'class': return 'chip';
    case 'phase': return 'pulse';
    case 'none':
    case 'namespace': return 'symbol-namespace';
    default: return 'tag';
  }
}

/** Asked for tens of thousands of objects at once: it is made in one piece, without copies. */
function objectRow(node: ObjectNode, context: TreeContext, input: TreeInput): TreeRow {
  const { view } = context;
  const { id, kind, name, namespace } = node;
  const isBelowObject = node.parent?.type === 'object';
  const descriptor = descriptorOf(kind, context);
  const object = view?.get(kind, name, namespace);
  if (!view || !object) {
    const text = object === null ? t('does not exist') : t('not known');
    const look = object === null ? healthIcon('warning', undefined) : { icon: 'question', color: 'disabledForeground' };
    return { id, label: name, description: isBelowObject ? shortName(kind, descriptor) + separator + text : text, ...look, health: 'unknown', collapsible: 'none', contextValue: 'absent' };
  }
  const { health } = judge(object, input.nowMs);
  const grouping = groupingOf(kind, context, input);
  const summary = summaryOf(object, kind, view, input.nowMs, {
    grouping,
    owner: node.parent?.type === 'object' ? node.parent.name : undefined,
    namespace: isBelowObject || node.parent?.type === 'group' && grouping === 'namespace' || context.namespaces?.length === 1,
  });
  const { icon, color } = isBelowObject ? kindIcon(descriptor?.icon ?? 'symbol-misc', health) : healthIcon(health, phaseOf(object));
  const description = summary.join(separator);
  const row: TreeRow = {
    id, label: isBelowObject ? labelBelow(kind, object) : name, description: isBelowObject ? shortName(kind, descriptor) + (description && separator + description) : description,
    icon, health, collapsible: !isBelowObject && hasRelated(object, kind, view) ? 'collapsed' : 'none',
    contextValue: contextValueOf(kind, descriptor, object, context),
    accessibleLabel: `${name}, ${descriptor?.name ?? kind}, ${healthWord(health)}, ${phaseText(object)}${summary.length > 1 ? `, ${summary.slice(1).join(', ')}` : ''}`,
  };
  const shown = view.state(kind).phase === 'stale' ? 'disabledForeground' : color;
  return shown === undefined ? row : Object.assign(row, { color: shown });
}

/** What a child is called beside its icon: the kind, without the words that its place says. */
function shortName(kind: string, descriptor: Kind | undefined): string {
  switch (kind) {
    case 'VirtualMachineIPAddress': return t('Address');
    case 'VirtualMachineMACAddress': return t('MAC address');
    case 'VirtualMachineOperation': return t('Operation');
    case 'VirtualMachineBlockDeviceAttachment': return t('Attachment');
    case 'VirtualMachineSnapshot':
    case 'VirtualDiskSnapshot': return t('Snapshot');
    default: return descriptor?.name ?? kind;
  }
}

/** Below a machine people look for its address, not for the name of the object that holds it. */
function labelBelow(kind: KindId, object: KubeObject): string {
  return (kind === 'VirtualMachineIPAddress' || kind === 'VirtualMachineMACAddress' ? addressOf(object) : undefined) ?? object.metadata.name;
}

function attentionRow(row: TreeRow, node: AttentionItemNode, context: TreeContext, input: TreeInput): TreeRow {
  const found = attentionAt(node, context.view);
  if (!found || !context.view) {
    return { ...row, label: node.name };
  }
  const isOneOfMany = input.contexts.filter(({ view }) => view).length > 1;
  const place = [isOneOfMany ? context.label : undefined, node.namespace].filter(Boolean).join('/');
  const description = [attentionSentence(found, context.view, input.nowMs), place].filter(Boolean).join(separator);
  const look = found.severity === 'info' ? { icon: 'info', color: 'disabledForeground' } : healthIcon(found.severity, undefined);
  const isStale = context.view.state(node.kind).phase === 'stale';
  return { ...row, label: node.name, description, ...look, ...(isStale && { color: 'disabledForeground' }), health: healthOf(found.object, input.nowMs), contextValue: contextValueOf(node.kind, descriptorOf(node.kind, context), found.object, context) };
}

function noteRow(row: TreeRow, { kind, text, retryAtMs, detail, action }: Note, { nowMs }: TreeInput): TreeRow {
  return { ...row, label: text, description: retryAtMs === undefined ? '' : retryText(retryAtMs - nowMs), ...noteLook(kind), ...(detail ? { tooltip: detail } : {}), ...(action ? { action } : {}) };
}

function retryText(waitMs: number): string {
  return waitMs <= 0 ? t('trying again') : t('trying again in {0}', formatDuration(Math.ceil(waitMs / 1000) * 1000));
}

function noteLook(kind: Note['kind']): Pick<TreeRow, 'icon'> & { readonly color?: string } {
  switch (kind) {
    case 'loading': return { icon: 'loading~spin' };
    case 'problem': return { icon: 'warning', color: 'list.warningForeground' };
    case 'info':
    case 'partial': return { icon: 'info' };
    case 'empty': return { icon: '' };
  }
}

/** The kind and everything that can be done to the object now. */
function contextValueOf(id: KindId, kind: Kind | undefined, object: KubeObject, { view }: TreeContext): string {
  let value: string = id;
  if (view) {
    for (const operation of kind?.operations ?? []) {
      if (operations[operation].applies(object, view) === true) {
        value += ` ${operation}`;
      }
    }
    if (object.kind === 'VirtualMachine' && withConsole.has(phaseOf(object) ?? '')) {
      value += ' vm.console';
    }
    if (object.kind === 'VirtualMachine' || object.kind === 'VirtualMachineOperation' && isMigration(object)) {
      value += ' vm.migration';
    }
  }
  return value;
}

/** The phases in which the platform opens consoles. */
const withConsole: ReadonlySet<string> = new Set(['Running', 'Migrating']);

function descriptorOf(kind: KindId, { view }: TreeContext): Kind | undefined {
  return knownKind(kind) ?? view?.kinds?.find(({ id }) => id === kind);
}

function healthWord(health: Health): string {
  switch (health) {
    case 'ok': return t('well');
    case 'busy': return t('in progress');
    case 'warning': return t('warning');
    case 'failed': return t('failed');
    case 'off': return t('off');
    case 'unknown': return t('unknown');
  }
}

function lowerFirst(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
