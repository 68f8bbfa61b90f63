import type { Condition, KubeObject } from '../../../src/domain/kubeObject';
import { platformGroup } from '../../../src/domain/kind';
import type { Kit } from './kit';

export interface OperationState {
  readonly phase: 'Pending' | 'InProgress' | 'Completed' | 'Failed' | 'Superseded';
  readonly reason: string;
  readonly message?: string;
  readonly progress?: string;
}

/** An operation on a machine; the machine's uid goes into the label that the platform sets. */
export function operation(kit: Kit, name: string, vm: KubeObject, spec: Readonly<Record<string, unknown>>, state: OperationState, ageMinutes: number, annotations?: Readonly<Record<string, string>>): KubeObject {
  const migration = spec['type'] === 'Evict' || spec['type'] === 'Migrate';
  const done = state.phase === 'Completed' || state.phase === 'Superseded';
  const refused = state.phase === 'Failed' && state.reason.startsWith('NotApplicable');
  return kit.object('VirtualMachineOperation', name, {
    namespace: vm.metadata.namespace ?? '', ageMinutes,
    labels: { [`${platformGroup}/virtual-machine-uid`]: vm.metadata.uid ?? '' },
    ...(annotations ? { annotations } : {}),
    ...(migration || state.phase === 'InProgress' ? { finalizers: ['vmop-cleanup'] } : {}),
    spec: { ...spec, virtualMachineName: vm.metadata.name },
    status: {
      phase: state.phase, observedGeneration: 1,
      ...(state.progress === undefined || kit.module === '0.17' ? {} : { progress: state.progress }),
      conditions: [
        ...(refused ? [] : [kit.condition('SignalSent', 'True', 'SignalSentSuccess', ageMinutes)]),
        kit.condition('Completed', done ? 'True' : 'False', state.reason, ageMinutes, state.message ?? ''),
      ],
    },
  });
}

/** A migration that the drain of a node has just asked for: the platform half carries it out. */
export function evacuation(kit: Kit, vm: KubeObject): KubeObject {
  return kit.object('VirtualMachineOperation', `evacuation-${kit.random.suffix()}`, {
    namespace: vm.metadata.namespace ?? '', ageMinutes: 0,
    annotations: { [`${platformGroup}/evacuation`]: 'true' },
    spec: { type: 'Evict', virtualMachineName: vm.metadata.name },
  });
}

export function attachment(kit: Kit, name: string, namespace: string, vmName: string, device: { kind: string; name: string }, phase: 'Attached' | 'Pending', conditions: readonly Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[], ageMinutes: number): KubeObject {
  return kit.object('VirtualMachineBlockDeviceAttachment', name, {
    namespace, ageMinutes, finalizers: ['vmbda-cleanup'],
    spec: { virtualMachineName: vmName, blockDeviceRef: device },
    status: {
      phase, observedGeneration: 1, ...(phase === 'Attached' ? { virtualMachineName: vmName } : {}),
      conditions: conditions.map((c) => kit.condition(c.type, c.status, c.reason ?? '', ageMinutes, c.message)),
    },
  });
}

/** The four conditions of an attachment that works. */
export const attachedConditions: readonly Pick<Condition, 'type' | 'status' | 'reason' | 'message'>[] = [
  { type: 'BlockDeviceReady', status: 'True', reason: 'BlockDeviceReady' },
  { type: 'VirtualMachineReady', status: 'True', reason: 'VirtualMachineReady' },
  { type: 'Attached', status: 'True', reason: 'Attached' },
  { type: 'DiskAttachmentCapacityAvailableType', status: 'True', reason: 'CapacityAvailable' },
];

export function diskSnapshot(kit: Kit, name: string, namespace: string, diskName: string, ageMinutes: number, failure?: { readonly reason: string; readonly message: string }, owner?: KubeObject): KubeObject {
  const ready = failure === undefined;
  const spec = kit.module === '0.17' ? { virtualDiskName: diskName, requiredConsistency: true, volumeSnapshotClassName: 'replicated' } : { virtualDiskName: diskName, requiredConsistency: true };
  const uid = kit.random.uid();
  return kit.object('VirtualDiskSnapshot', name, {
    namespace, ageMinutes, finalizers: ['vdsnapshot-cleanup'], spec, ...(owner ? { owner } : {}),
    status: {
      phase: ready ? 'Ready' : 'Failed', observedGeneration: 1,
      ...(ready ? { consistent: true, volumeSnapshotName: `d8v-vds-${name}-${uid}` } : {}),
      conditions: [
        kit.condition('VirtualDiskReady', 'True', 'VirtualDiskReady', ageMinutes),
        kit.condition('VirtualDiskSnapshotReady', ready ? 'True' : 'False', failure?.reason ?? 'VirtualDiskSnapshotReady', ageMinutes, failure?.message ?? ''),
      ],
    },
  });
}

/** A machine snapshot and the disk snapshots that it owns. */
export function machineSnapshot(kit: Kit, name: string, vm: KubeObject, disks: readonly string[], ageMinutes: number): readonly KubeObject[] {
  const namespace = vm.metadata.namespace ?? '';
  const uid = kit.random.uid();
  const snapshot = kit.object('VirtualMachineSnapshot', name, {
    namespace, ageMinutes,
    spec: { virtualMachineName: vm.metadata.name, keepIPAddress: 'Always', requiredConsistency: true },
    status: {
      phase: 'Ready', consistent: true, observedGeneration: 1,
      virtualDiskSnapshotNames: disks.map((d) => `${d}-${uid}`),
      virtualMachineSnapshotSecretName: `d8v-vms-${name}-${uid}`,
      conditions: [
        kit.condition('VirtualMachineReady', 'True', 'VirtualMachineReady', ageMinutes),
        kit.condition('VirtualMachineSnapshotReady', 'True', 'VirtualMachineSnapshotReady', ageMinutes),
      ],
    },
  });
  return [snapshot, ...disks.map((d) => diskSnapshot(kit, `${d}-${uid}`, namespace, d, ageMinutes, undefined, snapshot))];
}
