import { conditionOf, isRecord, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { topologyOf } from '../../../../src/domain/topology';
import { numberAt, stringAt } from '../../../../src/domain/values';
import type { Context } from '../controller';
import { devicesOf } from '../indexes';
import type { Known } from '../known';
import type { Instance, InternalMachine } from '../lower/lower';
import { isLocal } from '../storage';
import { plays } from '../lower/annotation';
import { requestedCores } from '../quantity';
import { conditionsAfter, no, statusOf, timestamp, unknown, yes, type ConditionChanges, type Fields, type Verdict } from '../objects';
import type { Readiness } from './machineReadiness';
import { deviceOf } from './virtualMachineBlockDeviceAttachment';
import { changeConditions, pendingChanges } from './machineChanges';
import { migratingVerdict, migrationState } from './machineMigration';

const order = ['VirtualMachineClassReady', 'VirtualMachineIPAddressReady', 'VirtualMachineMACAddressReady', 'BlockDevicesReady', 'ProvisioningReady', 'Running', 'Migratable'];

const notResponding = 'The guest agent is not responding. Make sure the guest agent is installed and running in the guest OS.';
const dependentResources = 'Waiting for the dependent resources. Be careful restarting the virtual machine: the virtual machine cannot be restarted immediately to apply pending configuration changes as it is awaiting the availability of dependent resources.';

const disksNotMigratable = 'Live migration requires all disks to use ReadWriteMany (shared) storage. Make sure the StorageClass supports the ReadWriteMany access mode.';
const evictionRequired = 'VirtualMachine should be evicted from current node or restarted.';
const firmwareOutOfDate = 'The VM firmware version is outdated and not recommended for use with the current version of the virtualization module, please migrate or reboot the VM to upgrade its firmware version.';

/** The guest that simulated agents report. */
const guest = {
  id: 'ubuntu', kernelRelease: '6.8.0-60-generic', kernelVersion: '#63-Ubuntu SMP', machine: 'x86_64', name: 'Ubuntu',
  prettyName: 'Ubuntu 24.04.2 LTS', version: '24.04.2 LTS (Noble Numbat)', versionId: '24.04',
};

/** The very first status of a machine, with what it claims before anything has been looked at. */
export function firstStatus(machine: KubeObject, readiness: Readiness, context: Context): Fields {
  const conditions: ConditionChanges = {
    VirtualMachineClassReady: unknown,
    VirtualMachineIPAddressReady: yes('VirtualMachineIPAddressReady'),
    ...(context.module === '0.17' ? {} : { VirtualMachineMACAddressReady: yes('VirtualMachineMACAddressReady') }),
    BlockDevicesReady: { ...no('BlockDevicesNotReady'), message: readiness.conditions['BlockDevicesReady']?.message ?? '' },
    ProvisioningReady: unknown,
    AgentReady: no('AgentNotReady', 'VirtualMachine is not running.'),
    ConfigurationApplied: no('ConfigurationNotApplied', dependentResources),
    Running: unknown,
    Migratable: no('VirtualMachineNonMigratable'),
  };
  return {
    ...baseStatus(machine, context, undefined, false),
    phase: 'Pending', nodeName: '', ipAddress: '', virtualMachineIPAddressName: '', guestOSInfo: {}, versions: {}, stats: { launchTimeDuration: {} },
    conditions: conditionsAfter(machine, conditions, order, context.clock.now()),
  };
}

/** Whether the internal machine exists: it is made when everything that the machine depends on was there once. */
export function isMade(machine: KubeObject): boolean {
  const migratable = conditionOf(machine, 'Migratable');
  return migratable !== undefined && migratable.reason !== 'VirtualMachineNonMigratable';
}

/** The status that follows from the old one, the layer below and the readiness. Some fields follow a write later than others, as on the platform. */
export function nextStatus(machine: KubeObject, internal: InternalMachine, readiness: Readiness, context: Context): Fields {
  const old = statusOf(machine);
  const { instance } = internal;
  const made = isMade(machine) || readiness.canStart;
  const phase = nextPhase(machine, internal, readiness.isComplete);
  const runs = instance?.stage === 'running';
  const isSettled = phaseOf(machine) === phase;
  const addressName = readiness.address?.metadata.name;
  const ready = readiness.conditions['VirtualMachineIPAddressReady']?.status === 'True';
  const changes = readiness.isComplete || instance === undefined || instance.stage === 'finished' ? pendingChanges(machine, internal) : undefined;
  const conditions: ConditionChanges = {
    ...readiness.conditions,
    Running: runningVerdict(machine, instance, phase),
    Migratable: made ? migratableVerdict(machine, instance, context.known) : no('VirtualMachineNonMigratable'),
    AgentReady: agentVerdict(machine, instance, phase),
    Migrating: migratingVerdict(machine, instance, context.known),
    ...changeConditions(changes),
    ...configurationChange(machine, readiness, instance, changes),
    ...placeConditions(machine, internal),
  };
  return {
    ...old,
    ...baseStatus(machine, context, instance, made, internal.applied),
    restartAwaitingChanges: changes === undefined ? old['restartAwaitingChanges'] : changes.length > 0 ? changes : undefined,
    phase,
    nodeName: instance && instance.stage !== 'finished' ? instance.node ?? '' : '',
    ipAddress: ready ? stringAt(readiness.address, 'status.address') ?? '' : old['ipAddress'] ?? '',
    virtualMachineIPAddressName: ready ? addressName ?? '' : old['virtualMachineIPAddressName'] ?? '',
    guestOSInfo: instance?.agent ? (isRecord(old['guestOSInfo']) && Object.keys(old['guestOSInfo']).length > 0 ? old['guestOSInfo'] : guest) : instance && instance.stage !== 'finished' && instance.stage !== 'ended' ? {} : old['guestOSInfo'] ?? {},
    versions: runs && phase === 'Running' ? { libvirt: '10.9.0', qemu: '9.2.0' } : old['versions'] ?? {},
    stats: { ...(isRecord(old['stats']) ? old['stats'] : {}), launchTimeDuration: {}, lastStartTime: context.module === '0.17' ? undefined : lastStart(machine, instance, isSettled) },
    migrationState: migrationState(machine, instance),
    virtualMachinePods: podsOf(instance),
    conditions: conditionsAfter(machine, conditions, order, context.clock.now()),
  };
}

function baseStatus(machine: KubeObject, context: Context, instance: Instance | undefined, made: boolean, applied?: Fields): Fields {
  const isOld = context.module === '0.17';
  // While an instance exists it counts what that was made of.
  const spec = (instance ? applied : undefined) ?? machine.spec;
  const cores = numberAt(spec, 'cpu.cores') ?? 1;
  const coreFraction = stringAt(spec, 'cpu.coreFraction') ?? '100%';
  const topology = topologyOf(cores) ?? { sockets: 1, coresPerSocket: cores };
  const paravirtualized = (machine.spec as Fields)['enableParavirtualization'] !== false;
  const { namespace = '', name: machineName } = machine.metadata;
  const attachments = [...context.known.by(`attachment of machine:${namespace}/${machineName}`)].filter((one) => phaseOf(one) === 'InProgress' || phaseOf(one) === 'Attached');
  return {
    blockDeviceRefs: [...devicesOf(machine).map((device, index) => ({
      kind: device.kind, name: device.name,
      attached: instance !== undefined && (instance.stage === 'running' || instance.stage === 'ended' || instance.stage === 'finished'),
      size: sizeOf(context, machine, device.kind, device.name),
      ...(made && paravirtualized ? { hotplugged: true } : {}),
      ...(instance && !isOld ? { bootOrder: index + 1 } : {}),
    })), ...attachments.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)).map((attachment) => {
      const device = deviceOf(attachment);
      return { ...device, attached: phaseOf(attachment) === 'Attached', size: sizeOf(context, machine, device.kind, device.name), hotplugged: true, virtualMachineBlockDeviceAttachmentName: attachment.metadata.name };
    })],
    ...(isOld ? {} : { networks: [{ id: 1, type: 'Main' }] }),
    observedGeneration: machine.metadata.generation ?? 1,
    resources: {
      cpu: { coreFraction, cores, topology, requestedCores: instance ? requestedCores(cores, coreFraction) : 0, runtimeOverhead: instance?.pod ? '5m' : 0 },
      memory: { size: stringAt(spec, 'memory.size') ?? '0', runtimeOverhead: 0 },
    },
  };
}

function sizeOf(context: Context, machine: KubeObject, kind: string, name: string): string {
  const device = context.known.get(kind, name, kind === 'ClusterVirtualImage' ? undefined : machine.metadata.namespace);
  return (kind === 'VirtualDisk' ? stringAt(device, 'status.capacity') : stringAt(device, 'status.size.unpacked')) ?? '';
}

function nextPhase(machine: KubeObject, internal: InternalMachine, isComplete: boolean): string {
  const { instance, wanted } = internal;
  const old = phaseOf(machine) ?? 'Pending';
  const waitsForVolume = readyReason(machine) === 'WaitingForWaitForFirstConsumerBlockDevicesToBeReady';
  switch (instance?.stage) {
    case 'created':
    case 'scheduling':
    case 'scheduled':
      return instance.blockedBy === 'quota' || instance.blockedBy === 'unschedulable' || waitsForVolume ? 'Pending' : 'Starting';
    case 'running':
      if (instance.stopping) {
        // A migration that the stop has ended goes one write before.
        return conditionOf(machine, 'Migrating') ? old : 'Stopping';
      }
      // The condition comes one write before the phase.
      if (old === 'Pause' || old === 'Degraded') {
        return old;
      }
      if (['copying', 'resumed', 'suspended'].includes(instance.migration?.stage ?? '')) {
        return conditionOf(machine, 'Migrating')?.status === 'True' ? 'Migrating' : old;
      }
      return conditionOf(machine, 'Running')?.status === 'True' && (old !== 'Migrating' || conditionOf(machine, 'Migrating') === undefined) ? 'Running' : old;
    case 'ended':
      return 'Stopping';
    case 'finished':
      return wanted && !isComplete ? 'Pending' : 'Stopped';
    case undefined:
    default:
      if (wanted) {
        return isComplete ? (old === 'Stopped' ? 'Stopped' : 'Pending') : 'Pending';
      }
      return isMade(machine) ? 'Stopped' : 'Pending';
  }
}

function readyReason(machine: KubeObject): string | undefined {
  return conditionOf(machine, 'BlockDevicesReady')?.reason;
}

function runningVerdict(machine: KubeObject, instance: Instance | undefined, phase: string): Verdict {
  const name = machine.metadata.name;
  switch (instance?.stage) {
    case 'created':
      return instance.blockedBy === 'quota'
        ? no('PodNotStarted', `Failed to start pod: Starting, Pending; FailedCreate: failed to create virtual machine pod: pods "d8v-vm-${name}" is forbidden: exceeded quota`)
        : no('PodNotFound', 'virt-launcher pod has not yet been scheduled');
    case 'scheduling':
      if (instance.blockedBy === 'unschedulable') {
        return no('PodNotStarted', keptMessage(machine) ?? 'Could not schedule the virtual machine: Unschedulable: 0/4 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 Insufficient memory.');
      }
      if (instance.blockedBy === 'attach-error') {
        return no('PodNotStarted', keptMessage(machine) ?? 'Error attaching block devices to virtual machine: FailedAttachVolume: Multi-Attach error for volume "pvc-1" Volume is already used by another node');
      }
      return no('GuestNotRunning', 'Guest VM is not reported as running');
    case 'scheduled':
      return no('GuestNotRunning', 'Guest VM is not reported as running');
    case 'running':
      return plays(machine, 'no-bootable-device')
        ? yes('NoBootableDevice', `Among all the virtual machine’s block devices, there is no device from which it can boot. Check OS image is compatible with the chosen bootloader "${stringAt(machine, 'spec.bootloader') ?? 'BIOS'}".`)
        : yes('Running');
    case 'ended':
      return no('PodTerminating', 'virt-launcher pod is terminating');
    case 'finished':
      return phase === 'Pending' ? no('PodTerminating', 'virt-launcher pod is terminating') : no('NotRunning');
    case undefined:
    default:
      return no('NotRunning');
  }
}

/** A new instance, or one that has come to another node, has today's firmware and is where it may be. */
function isFresh(machine: KubeObject, instance: Instance | undefined): boolean {
  return instance?.stage === 'created' || (instance?.migration?.stage === 'succeeded' && stringAt(machine, 'status.nodeName') !== instance.node);
}

/** A prepared world words its own troubles; they are not overwritten with ours. */
function keptMessage(machine: KubeObject): string | undefined {
  const old = conditionOf(machine, 'Running');
  return old?.reason === 'PodNotStarted' ? old.message : undefined;
}

/** What a machine says of where it is: that it has to leave, or that it was started with yesterday's firmware. */
function placeConditions(machine: KubeObject, internal: InternalMachine): ConditionChanges {
  const { instance, isEvacuating } = internal;
  const isOld = plays(machine, 'firmware-update') && instance?.stage === 'running' && internal.instances < 2 && instance.migration?.stage !== 'succeeded';
  const isNew = isFresh(machine, instance);
  return {
    ...(isEvacuating ? { EvictionRequired: yes('EvictionRequired', evictionRequired) } : isNew || !plays(machine, 'eviction-required') ? { EvictionRequired: null } : {}),
    ...(isOld ? { FirmwareUpToDate: no('FirmwareOutOfDate', firmwareOutOfDate) } : isNew ? { FirmwareUpToDate: null } : {}),
  };
}

/** Disks that cannot follow make a running machine immovable; a prepared world may say so itself. */
function migratableVerdict(machine: KubeObject, instance: Instance | undefined, known: Known): Verdict {
  const isPinned = devicesOf(machine).some(({ kind, name }) => {
    const disk = kind === 'VirtualDisk' ? known.get(kind, name, machine.metadata.namespace) : undefined;
    return disk !== undefined && isLocal(disk, known);
  });
  if (isPinned && instance?.stage === 'running') {
    return no('VirtualMachineDisksNotMigratable', disksNotMigratable);
  }
  const old = conditionOf(machine, 'Migratable');
  return old?.status === 'False' && old.reason !== 'VirtualMachineNonMigratable' && instance?.stage === 'running' ? no(old.reason ?? '', old.message) : yes('VirtualMachineMigratable');
}

function agentVerdict(machine: KubeObject, instance: Instance | undefined, phase: string): Verdict | null {
  const old = conditionOf(machine, 'AgentReady');
  switch (instance?.stage) {
    case 'running':
      return instance.agent ? yes('AgentReady') : ['Running', 'Migrating', 'Stopping'].includes(phase) && phaseOf(machine) !== 'Starting' ? no('AgentNotReady', notResponding) : null;
    case 'ended':
      return old ? no('AgentNotReady', notResponding) : null;
    case 'finished':
      return old && phaseOf(machine) !== phase ? no('AgentNotReady', notResponding) : null;
    case 'created':
    case 'scheduling':
    case 'scheduled':
    case undefined:
    default:
      return null;
  }
}

/** A machine that runs while something that it depends on is missing says that it could not be restarted now. */
function configurationChange(machine: KubeObject, readiness: Readiness, instance: Instance | undefined, changes: readonly Fields[] | undefined): ConditionChanges {
  const old = conditionOf(machine, 'ConfigurationApplied');
  const isDependent = old?.message?.startsWith('Waiting for the dependent resources') ?? false;
  const wanted = instance !== undefined && instance.stage !== 'finished' && !readiness.canStart && readiness.conditions['SizingPolicyMatched'] !== null;
  if (wanted) {
    return { ConfigurationApplied: no('ConfigurationNotApplied', dependentResources) };
  }
  return isDependent && readiness.canStart && changes === undefined ? { ConfigurationApplied: null } : {};
}

function lastStart(machine: KubeObject, instance: Instance | undefined, isSettled: boolean): string | undefined {
  const old = stringAt(machine, 'status.stats.lastStartTime');
  if (instance?.stage === 'running') {
    return old ?? (conditionOf(machine, 'Running')?.status === 'True' ? timestamp(instance.startedAtMs ?? Date.now()) : undefined);
  }
  return instance?.stage === 'finished' && !isSettled ? old : undefined;
}

function podsOf(instance: Instance | undefined): readonly Fields[] | undefined {
  if (!instance?.pod) {
    return undefined;
  }
  const target = instance.migration?.targetPod;
  return [{ name: instance.pod, active: true }, ...(target && target !== instance.pod ? [{ name: target, active: false }] : [])];
}
