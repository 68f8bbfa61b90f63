import { t } from '@vscode/l10n';
import type { ClusterView } from './clusterView';
import { judge } from './health';
import type { KindName } from './kind';
import { knownKind } from './kinds/index';
import { type Condition, isRecord, type KubeObject, phaseOf } from './kubeObject';
import { devicesOf } from './related';
import type { ObjectRef } from './treeNode';
import { text } from './text';
import { listAt, stringAt, valueAt } from './values';

/** How far a chain of causes is followed: machine, disk, image. */
const longestChain = 3;

/**
 * Why an object is not well, in about five words: the brief of its worst condition, or of what that condition waits for,
 * e.g. `image "ubuntu": import failed`. `undefined` when there is nothing to say beyond its phase.
 */
export function briefCause(object: KubeObject, view: ClusterView, nowMs: number, depth = 1): string | undefined {
  const { trouble } = judge(object, nowMs);
  if (!trouble) {
    return undefined;
  }
  const culprit = depth < longestChain ? culpritOf(object, trouble.condition.type, view, nowMs) : undefined;
  return culprit ? culpritText(culprit, view, nowMs, depth) : t(startBrief(trouble.condition) ?? trouble.help.brief ?? '');
}

/** What waits for a restart, e.g. `cores 2 → 4`; `undefined` when the machine does not list it. */
export function restartChanges(machine: KubeObject): string | undefined {
  const changes = listAt(machine, 'status.restartAwaitingChanges').flatMap((change) => {
    const path = stringAt(change, 'path');
    return path === undefined ? [] : [[changeName(path), changeValues(valueAt(change, 'currentValue'), valueAt(change, 'desiredValue'))].filter(Boolean).join(' ')];
  });
  return changes.length === 0 ? undefined : changes.join(', ');
}

/** `PodNotStarted` stands for several things, which only the first words of its message tell apart (recorded, virtualization v1.10). */
function startBrief({ reason, message = '' }: Condition): string | undefined {
  if (reason !== 'PodNotStarted') {
    return undefined;
  }
  if (message.startsWith('Could not schedule')) {
    return text('no node can take it');
  }
  if (message.startsWith('Error attaching block devices')) {
    return text('a volume cannot be attached');
  }
  return message.includes('exceeded quota') ? text('quota is used up') : undefined;
}

/** Conditions that are about one other object, and where its name is. */
const namedBy: Readonly<Record<string, { readonly kind: KindName; readonly path: string }>> = {
  VirtualMachineClassReady: { kind: 'VirtualMachineClass', path: 'spec.virtualMachineClassName' },
  VirtualMachineIPAddressReady: { kind: 'VirtualMachineIPAddress', path: 'spec.virtualMachineIPAddressName' },
  VirtualMachineReady: { kind: 'VirtualMachine', path: 'spec.virtualMachineName' },
};

/** The object that is to blame for a condition: `undefined` when that is the object itself, or nobody knows. */
function culpritOf(object: KubeObject, condition: string, view: ClusterView, nowMs: number): ObjectRef | undefined {
  if (condition === 'BlockDevicesReady') {
    return devicesOf(object).find((ref) => isToBlame(ref, view, nowMs));
  }
  const named = namedBy[condition];
  const name = named && stringAt(object, named.path);
  if (named && name !== undefined) {
    const ref = { kind: named.kind, name, namespace: knownKind(named.kind)?.namespaced === false ? undefined : object.metadata.namespace };
    return isToBlame(ref, view, nowMs) ? ref : undefined;
  }
  if (condition === 'DatasourceReady' || (condition === 'Ready' && stringAt(object, 'spec.dataSource.objectRef.name') !== undefined)) {
    const ref = sourceRef(object);
    return ref && isToBlame(ref, view, nowMs) ? ref : undefined;
  }
  return undefined;
}

function isToBlame({ kind, name, namespace }: ObjectRef, view: ClusterView, nowMs: number): boolean {
  const found = view.get(kind, name, namespace);
  return found === null || (found !== undefined && !['ok', 'off'].includes(judge(found, nowMs).health));
}

function culpritText({ kind, name, namespace }: ObjectRef, view: ClusterView, nowMs: number, depth: number): string {
  const found = view.get(kind, name, namespace);
  if (!found) {
    return t('{0} "{1}" does not exist', noun(kind), name);
  }
  if (found.metadata.deletionTimestamp !== undefined) {
    return t('{0} "{1}" is being deleted', noun(kind), name);
  }
  const deeper = briefCause(found, view, nowMs, depth + 1);
  // A cause further down names its own object already, in the quotation marks of the language.
  return deeper && /["«]/.test(deeper) ? deeper : t('{0} "{1}": {2}', noun(kind), name, deeper ?? phaseOf(found) ?? t('New'));
}

function sourceRef(object: KubeObject): ObjectRef | undefined {
  const kind = stringAt(object, 'spec.dataSource.objectRef.kind');
  const name = stringAt(object, 'spec.dataSource.objectRef.name');
  const namespace = stringAt(object, 'spec.dataSource.objectRef.namespace') ?? object.metadata.namespace;
  return kind === undefined || name === undefined ? undefined : { kind, name, namespace: knownKind(kind)?.namespaced === false ? undefined : namespace };
}

/** What people call an object of a kind inside a sentence. */
export function noun(kind: string): string {
  switch (kind) {
    case 'VirtualMachine': return t('machine');
    case 'VirtualDisk': return t('disk');
    case 'VirtualImage': return t('image');
    case 'ClusterVirtualImage': return t('cluster image');
    case 'VirtualDiskSnapshot':
    case 'VirtualMachineSnapshot': return t('snapshot');
    case 'VirtualMachineIPAddress': return t('address');
    case 'VirtualMachineClass': return t('class');
    default: return kind;
  }
}

/** The last step of a path says most: `cores`, `memory`, `bootloader`. */
function changeName(path: string): string {
  return path === 'memory.size' ? t('memory') : path.startsWith('cpu.') ? path.slice('cpu.'.length) : path;
}

function changeValues(current: unknown, desired: unknown): string {
  const [before, after] = [plain(current), plain(desired)];
  return before === undefined && after === undefined ? '' : `${before ?? '–'} → ${after ?? '–'}`;
}

function plain(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return isRecord(value) ? Object.entries(value).flatMap(([key, inner]) => plain(inner)?.replace(/^/, `${key} `) ?? []).join(' ') : undefined;
}
