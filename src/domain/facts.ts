import { t } from '@vscode/l10n';
import { ageOf } from './age';
import { restartChanges } from './cause';
import type { ClusterView } from './clusterView';
import { conditionOf, type KubeObject } from './kubeObject';
import { sizeText } from './quantity';
import { devicesOf } from './related';
import { addressOf, progressOf } from './summary';
import { topologyOf } from './topology';
import { listAt, numberAt, stringAt, valueAt } from './values';

/** A label and its value, both for people. */
export type Fact = readonly [label: string, value: string];

/** What people ask about an object of a kind; what is not known is left out. */
export function factsAbout(object: KubeObject, kind: string, view: ClusterView, nowMs: number): readonly Fact[] {
  return rawFacts(object, kind, view, nowMs).filter((fact): fact is Fact => fact[1] !== undefined && fact[1] !== '');
}

type MaybeFact = readonly [label: string, value: string | undefined];

function rawFacts(object: KubeObject, kind: string, view: ClusterView, nowMs: number): readonly MaybeFact[] {
  switch (kind) {
    case 'VirtualMachine': return machineFacts(object, nowMs);
    case 'VirtualDisk': return [
      [t('Size'), sizeText(valueAt(object, 'status.capacity') ?? valueAt(object, 'spec.persistentVolumeClaim.size'))],
      [t('Storage class'), stringAt(object, 'status.storageClassName') ?? stringAt(object, 'spec.persistentVolumeClaim.storageClassName')],
      [t('Made from'), sourceText(object)],
      [t('Used by'), listAt(object, 'status.attachedToVirtualMachines').flatMap((machine) => stringAt(machine, 'name') ?? []).join(', ')],
      [t('Progress'), progressOf(object)],
      [t('Volume claim'), stringAt(object, 'status.target.persistentVolumeClaimName')],
    ];
    case 'VirtualImage':
    case 'ClusterVirtualImage': return [
      [t('Size unpacked'), sizeText(valueAt(object, 'status.size.unpacked'))],
      [t('Size stored'), sizeText(valueAt(object, 'status.size.stored'))],
      [t('Format'), [stringAt(object, 'status.format'), valueAt(object, 'status.cdrom') === true ? t('CD-ROM') : undefined].filter(Boolean).join(', ')],
      [t('Kept in'), stringAt(object, 'spec.storage')],
      [t('Storage class'), stringAt(object, 'status.storageClassName')],
      [t('Made from'), sourceText(object)],
      [t('Progress'), progressOf(object)],
      [t('Speed'), progressOf(object) && stringAt(object, 'status.downloadSpeed.current')],
    ];
    case 'VirtualMachineOperation': return [
      [t('Type'), stringAt(object, 'spec.type')], [t('Machine'), stringAt(object, 'spec.virtualMachineName')],
      [t('Force'), valueAt(object, 'spec.force') === true ? t('yes') : undefined], [t('Progress'), progressOf(object)],
    ];
    case 'VirtualMachineClass': return [
      [t('CPU'), [stringAt(object, 'spec.cpu.type'), stringAt(object, 'spec.cpu.model')].filter(Boolean).join(', ')],
      [t('Nodes'), listAt(object, 'status.availableNodes').join(', ')],
      [t('Used by'), machinesText(view.referring('VirtualMachine', 'VirtualMachineClass', object.metadata.name))],
    ];
    case 'VirtualMachineIPAddress':
    case 'VirtualMachineMACAddress': return [[t('Address'), addressOf(object)], [t('Type'), stringAt(object, 'spec.type')], [t('Machine'), stringAt(object, 'status.virtualMachineName')]];
    case 'VirtualMachineBlockDeviceAttachment': return [
      [t('Device'), [stringAt(object, 'spec.blockDeviceRef.kind'), stringAt(object, 'spec.blockDeviceRef.name')].filter(Boolean).join(' ')], [t('Machine'), stringAt(object, 'spec.virtualMachineName')],
    ];
    case 'VirtualMachineSnapshot': return [[t('Machine'), stringAt(object, 'spec.virtualMachineName')], [t('Consistent'), consistency(object)]];
    case 'VirtualDiskSnapshot': return [[t('Disk'), stringAt(object, 'spec.virtualDiskName')], [t('Consistent'), consistency(object)]];
    case 'VirtualMachinePool': return [[t('Machines'), t('{0} of {1} ready', numberAt(object, 'status.readyReplicas') ?? 0, numberAt(object, 'spec.replicas') ?? 0)]];
    case 'USBDevice':
    case 'NodeUSBDevice': return [
      [t('Device'), [stringAt(object, 'status.attributes.manufacturer'), stringAt(object, 'status.attributes.product')].filter(Boolean).join(' ')],
      [t('Node'), stringAt(object, 'status.nodeName')], [t('Namespace'), stringAt(object, 'spec.assignedNamespace')],
    ];
    default: return [];
  }
}

function machineFacts(machine: KubeObject, nowMs: number): readonly MaybeFact[] {
  const agent = conditionOf(machine, 'AgentReady');
  const migratable = conditionOf(machine, 'Migratable');
  const isOn = stringAt(machine, 'status.nodeName') !== undefined;
  return [
    [t('Node'), stringAt(machine, 'status.nodeName')],
    [t('Address'), stringAt(machine, 'status.ipAddress')],
    [t('Class'), stringAt(machine, 'spec.virtualMachineClassName')],
    [t('CPU'), coresText(machine)],
    [t('Memory'), sizeText(valueAt(machine, 'spec.memory.size'))],
    [t('Guest'), stringAt(machine, 'status.guestOSInfo.prettyName') ?? stringAt(machine, 'status.guestOSInfo.name')],
    [t('Agent'), agent && isOn ? (agent.status === 'True' ? t('answers') : agent.status === 'False' ? t('does not answer') : t('unknown')) : undefined],
    [t('Migratable'), migratable && isOn ? (migratable.status === 'True' ? t('yes') : migratable.status === 'False' ? t('no') : t('unknown')) : undefined],
    [t('Waits for a restart'), restartChanges(machine)],
    [t('Disks'), String(devicesOf(machine).length)],
    [t('Run policy'), stringAt(machine, 'spec.runPolicy')],
    [t('Up'), isOn ? ageOf(stringAt(machine, 'status.stats.lastStartTime'), nowMs) : undefined],
  ];
}

function coresText(machine: KubeObject): string | undefined {
  const cores = numberAt(machine, 'spec.cpu.cores');
  if (cores === undefined) {
    return undefined;
  }
  const topology = topologyOf(cores);
  const fraction = stringAt(machine, 'spec.cpu.coreFraction');
  const layout = topology && topology.sockets > 1 ? t('{0} cores ({1} sockets × {2})', cores, topology.sockets, topology.coresPerSocket) : cores === 1 ? t('1 core') : t('{0} cores', cores);
  return fraction === undefined || fraction === '100%' ? layout : t('{0}, {1} guaranteed', layout, fraction);
}

function sourceText(object: KubeObject): string | undefined {
  return [stringAt(object, 'spec.dataSource.objectRef.kind'), stringAt(object, 'spec.dataSource.objectRef.name')].filter(Boolean).join(' ')
    || withoutSecrets(stringAt(object, 'spec.dataSource.http.url')) || stringAt(object, 'spec.dataSource.containerImage.image') || stringAt(object, 'spec.dataSource.type');
}

/** An address without what people hide in addresses: user, password and query. */
function withoutSecrets(url: string | undefined): string | undefined {
  return url?.replace(/^(\w+:\/\/)[^/@]*@/, '$1').replace(/[?#].*$/, '');
}

function consistency(snapshot: KubeObject): string | undefined {
  return valueAt(snapshot, 'status.consistent') === true ? t('yes') : stringAt(snapshot, 'status.phase') === 'Ready' ? t('not certain') : undefined;
}

function machinesText(machines: readonly KubeObject[] | undefined): string | undefined {
  return machines && (machines.length === 1 ? t('1 machine') : t('{0} machines', machines.length));
}
