import { t } from '@vscode/l10n';
import type { ClusterView } from './clusterView';
import { judge } from './health';
import { knownKind } from './kinds/index';
import type { KubeObject } from './kubeObject';
import { phaseOf } from './kubeObject';
import { devicesOf } from './related';
import type { ObjectRef } from './treeNode';
import { isRecord } from './kubeObject';
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
  return culprit ? culpritText(culprit, view, nowMs, depth) : t(trouble.help.brief ?? '');
}

/** What waits for a restart, e.g. `cores 2 → 4`; `undefined` when the machine does not list it. */
export function restartChanges(machine: KubeObject): string | undefined {
  const changes = listAt(machine, 'status.restartAwaitingChanges').flatMap((change) => {
    const path = stringAt(change, 'path');
    return path === undefined ? [] : [[changeName(path), changeValues(valueAt(change, 'currentValue'), valueAt(change, 'desiredValue'))].filter(Boolean).join(' ')];
  });
  return changes.length === 0 ? undefined : changes.join(', ');
}

/** The object that is to blame for a condition: `undefined` when that is the object itself, or nobody knows. */
function culpritOf(object: KubeObject, condition: string, view: ClusterView, nowMs: number): ObjectRef | undefined {
  if (condition === 'BlockDevicesReady') {
    return devicesOf(object).find((ref) => isToBlame(ref, view, nowMs));
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
  // A cause further down names its own object already.
  return deeper?.includes('"') ? deeper : t('{0} "{1}": {2}', noun(kind), name, deeper ?? phaseOf(found) ?? t('New'));
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
