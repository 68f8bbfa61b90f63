import { conditionOf, isRecord, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { listAt, stringAt } from '../../../../src/domain/values';
import type { Context, Controller, NewEvent, Step } from '../controller';
import { difference } from '../difference';
import { deviceKey } from '../indexes';
import { bytesOf } from '../quantity';
import { isHeld } from '../rest';
import { storageClassOf } from '../storage';
import { conditionsAfter, finalizer, hasFinalizer, isDeleting, no, randomSuffix, statusOf, uidOf, unknown, withFinalizer, yes, type ConditionChanges, type Fields } from '../objects';
import { sourceOf, type Source } from './diskSource';

const by = 'vd-controller';
const order = ['StorageClassReady', 'DatasourceReady', 'Ready', 'InUse'];

/** Disks: from their claim over the import to being ready, resized, and used by machines. */
export const virtualDisk: Controller = {
  kind: 'VirtualDisk',
  reconcile(disk, context) {
    if (isDeleting(disk)) {
      return deletion(disk, context);
    }
    if (isHeld(disk)) {
      return undefined;
    }
    if (stringAt(disk, 'status.target.persistentVolumeClaimName') === undefined) {
      return { status: {
        ...statusOf(disk), migrationState: {}, observedGeneration: disk.metadata.generation ?? 1, stats: { creationDuration: {} },
        target: { persistentVolumeClaimName: `d8v-vd-${uidOf(disk)}-${randomSuffix()}` },
      } };
    }
    const { phase, conditions, more, event } = provisioning(disk, context);
    const users = usersOf(disk, context);
    const isUsed = users.some((user) => user['mounted'] === true);
    const status = {
      ...statusOf(disk), ...more, phase, observedGeneration: disk.metadata.generation ?? 1,
      attachedToVirtualMachines: users.length > 0 ? users : undefined,
      conditions: conditionsAfter(disk, { ...conditions, InUse: isUsed ? yes('AttachedToVirtualMachine') : no('NotInUse') }, order, context.clock.now()),
    };
    if (difference(statusOf(disk), status)) {
      return { status, events: event ? [event] : [], then: () => phase === 'Ready' && context.lower.forgetWork(disk) };
    }
    return finalizers(disk, isUsed);
  },
};

function finalizers(disk: KubeObject, isUsed: boolean): Step | undefined {
  if (!hasFinalizer(disk, 'vd-cleanup')) {
    return { metadata: withFinalizer(disk, 'vd-cleanup', true) };
  }
  return hasFinalizer(disk, 'vd-protection') === isUsed ? undefined : { metadata: withFinalizer(disk, 'vd-protection', isUsed) };
}

/**
 * The machines that name a disk; `mounted` on the one that has it: it wants to run, and keeps the disk until it no
 * longer does.
 */
function usersOf(disk: KubeObject, context: Context): readonly Fields[] {
  const { namespace = '', name } = disk.metadata;
  const key = deviceKey('VirtualDisk', name, namespace);
  const attachments = [...context.known.by(`attachment of device:${key}`)].filter((one) => phaseOf(one) === 'InProgress' || phaseOf(one) === 'Attached');
  const attached = attachments.flatMap((one) => context.known.get('VirtualMachine', stringAt(one, 'spec.virtualMachineName') ?? '', namespace) ?? []);
  const machines = [...new Set([...context.known.by(`machine of device:${key}`), ...attached])].sort(byAge);
  const old = listAt(disk, 'status.attachedToVirtualMachines').filter(isRecord);
  const rank = (machine: KubeObject) => old.findIndex((user) => user['name'] === machine.metadata.name) + 1 || old.length + 1;
  const ordered = machines.sort((a, b) => rank(a) - rank(b));
  const wants = ordered.filter((machine) => {
    const { wanted, instance } = context.lower.machine(machine);
    return wanted || (instance !== undefined && instance.stage !== 'finished');
  });
  const holder = wants.find((machine) => old.some((user) => user['name'] === machine.metadata.name && user['mounted'] === true)) ?? wants[0];
  return ordered.map((machine) => ({ name: machine.metadata.name, ...(machine === holder ? { mounted: true } : {}) }));
}

/** The oldest first; creation times are whole seconds, so names decide between machines of one second. */
function byAge(a: KubeObject, b: KubeObject): number {
  const key = ({ metadata }: KubeObject) => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
  return key(a) < key(b) ? -1 : 1;
}

interface Provisioned {
  readonly phase: string | undefined;
  readonly conditions: ConditionChanges;
  readonly more: Fields;
  readonly event?: NewEvent;
}

/** Where a disk is on its way to being ready; what is ready stays so, apart from its size. */
function provisioning(disk: KubeObject, context: Context): Provisioned {
  const phase = phaseOf(disk);
  if (phase === 'Ready' || phase === 'Resizing') {
    return resizing(disk, context);
  }
  const storage = storageClassOf(disk, context.known);
  const source = sourceOf(disk, context);
  const more = { ...(storage ? { storageClassName: storage.metadata.name } : {}), ...(source.uid ? { sourceUID: source.uid } : {}) };
  const conditions: ConditionChanges = {
    StorageClassReady: storage ? yes('StorageClassReady') : no('StorageClassNotReady', `The StorageClass "${stringAt(disk, 'spec.persistentVolumeClaim.storageClassName') ?? ''}" used by the underlying PersistentVolumeClaim was not found.`),
    DatasourceReady: source.verdict,
  };
  if (source.verdict.status !== 'True') {
    return { phase: 'Pending', conditions: { ...conditions, Ready: source.ready }, more };
  }
  if (phase === 'Failed' || phase === 'PVCLost') {
    return { phase, conditions, more };
  }
  if (source.failure) {
    return { phase: 'Failed', conditions: { ...conditions, Ready: no('ProvisioningFailed', source.failure) }, more };
  }
  const next = fill(disk, source, isWaitingClass(storage), context);
  return { ...next, conditions: { ...conditions, ...next.conditions }, more: { ...more, ...next.more } };
}

const waitingForClaim = no('Provisioning', 'Waiting for the underlying PersistentVolumeClaim to be created.');

/** Fills the claim: nothing to fill, a copy of an image, or an import first. */
function fill(disk: KubeObject, source: Source, waitsForConsumer: boolean, context: Context): Provisioned {
  const old = conditionOf(disk, 'Ready');
  if (phaseOf(disk) === undefined) {
    const isAtOnce = waitsForConsumer && source.kind === 'image';
    const duration = { creationDuration: { waitingForDependencies: '0s' } };
    return isAtOnce ? { ...forConsumer, more: { progress: '0%', stats: duration } } : {
      phase: 'Provisioning', conditions: { Ready: source.kind === 'import' ? no('Provisioning', 'DVCR Provisioner not found: create the new one.') : waitingForClaim },
      more: { progress: '0%', stats: duration },
      ...(source.kind === 'import' ? { event: { by, type: 'Normal', reason: 'DataSourceImportStarted', message: `The ${source.word} DataSource import to DVCR has started` } as const } : {}),
    };
  }
  if (waitsForConsumer && !hasConsumer(disk, context)) {
    return forConsumer;
  }
  if (source.kind === 'blank') {
    const claim = stringAt(disk, 'status.target.persistentVolumeClaimName') ?? '';
    if (context.lower.work(disk, 'claim').stage === 'done') {
      return ready(disk, source, context);
    }
    return waitsForConsumer ? forConsumer : { phase: 'Provisioning', conditions: { Ready: no('Provisioning', `Waiting for the PersistentVolumeClaim "${claim}" to be Bound.`) }, more: {} };
  }
  if (source.kind === 'import') {
    const work = context.lower.work(disk, 'import');
    if (work.stage === 'failed') {
      return { phase: 'Failed', conditions: { Ready: no('ProvisioningFailed', `Provisioning failed: Pod ${disk.metadata.namespace}/d8v-vd-importer-${uidOf(disk)} termination message: ${work.failure ?? ''}.`) }, more: {} };
    }
    if (work.stage !== 'done') {
      return { phase: 'Provisioning', conditions: { Ready: no('Provisioning', 'Import is in the process of provisioning to DVCR.') }, more: { progress: percent(work.progress / 2) } };
    }
  }
  const work = context.lower.work(disk, 'copy');
  if (work.stage === 'done') {
    // For a moment after a copy nobody knows; then the claim is bound.
    return old?.status === 'Unknown' && context.lower.work(disk, 'claim').stage === 'done' ? ready(disk, source, context) : { phase: 'Provisioning', conditions: { Ready: unknown }, more: {} };
  }
  const share = source.kind === 'import' ? 0.5 + work.progress / 2 : work.progress;
  return { phase: 'Provisioning', conditions: { Ready: no('Provisioning', 'Import is in the process of provisioning to the PersistentVolumeClaim.') }, more: { progress: percent(share) } };
}

const forConsumer: Provisioned = {
  phase: 'WaitForFirstConsumer',
  conditions: { Ready: no('WaitingForFirstConsumer', 'Awaiting the creation and scheduling of the VirtualMachine with the attached VirtualDisk.') },
  more: {},
};

function ready(disk: KubeObject, source: Source, context: Context): Provisioned {
  const seconds = Math.max(1, Math.round((context.clock.now() - (Date.parse(disk.metadata.creationTimestamp ?? '') || 0)) / 1000));
  const stats = statusOf(disk)['stats'];
  const durations = isRecord(stats) && isRecord(stats['creationDuration']) ? stats['creationDuration'] : {};
  return {
    phase: 'Ready',
    conditions: { Ready: yes('Ready') },
    more: { progress: '100%', capacity: stringAt(disk, 'spec.persistentVolumeClaim.size') ?? String(source.bytes ?? 0), stats: { creationDuration: { ...durations, totalProvisioning: `${seconds}s` } } },
  };
}

/** A ready disk grows when its size does; the condition of its source goes for good. */
function resizing(disk: KubeObject, context: Context): Provisioned {
  const phase = phaseOf(disk);
  const size = stringAt(disk, 'spec.persistentVolumeClaim.size');
  const grows = size !== undefined && bytesOf(size) > bytesOf(stringAt(disk, 'status.capacity'));
  const gone: ConditionChanges = conditionOf(disk, 'DatasourceReady') && conditionOf(disk, 'Ready')?.observedGeneration !== undefined ? { DatasourceReady: null } : {};
  if (!grows) {
    return { phase: 'Ready', conditions: { ...gone, Resizing: null }, more: {} };
  }
  if (phase === 'Ready') {
    context.lower.forgetWork(disk);
    return {
      phase: 'Resizing', conditions: { ...gone, Resizing: yes('InProgress', 'The virtual disk resizing has started.') }, more: {},
      event: { by, type: 'Normal', reason: 'VirtualDiskResizingStarted', message: 'The virtual disk resizing has started' },
    };
  }
  if (context.lower.work(disk, 'resize').stage === 'done') {
    return {
      phase: 'Ready', conditions: { Resizing: null }, more: { capacity: size },
      event: { by, type: 'Normal', reason: 'VirtualDiskResizingCompleted', message: 'The virtual disk resizing has completed' },
    };
  }
  return { phase: 'Resizing', conditions: {}, more: {} };
}

/** A machine that is being scheduled binds the claims that wait for it. */
function hasConsumer(disk: KubeObject, context: Context): boolean {
  const { namespace = '', name } = disk.metadata;
  const key = deviceKey('VirtualDisk', name, namespace);
  return [...context.known.by(`attachment of device:${key}`)].some((attachment) => phaseOf(attachment) === 'InProgress') || [...context.known.by(`machine of device:${key}`)].some((machine) => {
    const { instance } = context.lower.machine(machine);
    return instance?.stage === 'scheduled' || instance?.stage === 'running';
  });
}

function isWaitingClass(storage: KubeObject | undefined): boolean {
  return storage?.['volumeBindingMode'] === 'WaitForFirstConsumer';
}

/** One decimal while it moves, none at the ends. */
export function percent(share: number): string {
  return share <= 0 ? '0%' : share >= 1 ? '100%' : `${(share * 100).toFixed(1)}%`;
}

/** A disk in use stays until its machines let it go. */
function deletion(disk: KubeObject, context: Context): Step | undefined {
  if (phaseOf(disk) !== 'Terminating') {
    const conditions = conditionsAfter(disk, { StorageClassReady: null }, order, context.clock.now());
    return { status: { ...statusOf(disk), phase: 'Terminating', observedGeneration: disk.metadata.generation ?? 1, conditions } };
  }
  const isUsed = usersOf(disk, context).some((user) => user['mounted'] === true);
  const others = (disk.metadata.finalizers ?? []).filter((name) => name !== finalizer('vd-cleanup') && name !== finalizer('vd-protection'));
  if (isUsed || others.length === disk.metadata.finalizers?.length) {
    return undefined;
  }
  return { metadata: { finalizers: others }, then: () => context.lower.forgetWork(disk) };
}

