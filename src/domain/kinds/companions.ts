import type { CompanionName, Kind, KindName, Reference } from '../kind';
import { text } from '../text';

/** The kinds whose Events are looked up. */
const subjects: readonly (KindName | CompanionName)[] = [
  'VirtualMachine', 'VirtualDisk', 'VirtualImage', 'ClusterVirtualImage', 'VirtualMachineClass', 'VirtualMachineOperation', 'VirtualMachineBlockDeviceAttachment',
  'VirtualDiskSnapshot', 'VirtualMachineSnapshot', 'VirtualMachineSnapshotOperation', 'VirtualMachineRestore', 'VirtualMachineIPAddress', 'VirtualMachineIPAddressLease',
  'VirtualMachineMACAddress', 'VirtualMachineMACAddressLease', 'VirtualMachinePool', 'USBDevice', 'NodeUSBDevice', 'Pod', 'Node', 'PersistentVolumeClaim',
];

const eventReferences: readonly Reference[] = [{ path: 'involvedObject.name', to: { field: 'kind', kinds: subjects }, namespaceField: 'namespace' }];

/** Kinds of others that matter to the platform's objects: what they are called, nothing more. */
export const companions: Readonly<Record<CompanionName, Kind>> = {
  Namespace: companion('Namespace', '', 'namespaces', false, ['ns'], text('Namespaces'), 'symbol-namespace'),
  Node: companion('Node', '', 'nodes', false, ['no'], text('Nodes'), 'server'),
  Pod: companion('Pod', '', 'pods', true, ['po'], text('Pods'), 'package'),
  Event: { ...companion('Event', '', 'events', true, ['ev'], text('Events'), 'bell'), references: eventReferences },
  Secret: companion('Secret', '', 'secrets', true, [], text('Secrets'), 'key'),
  Service: companion('Service', '', 'services', true, ['svc'], text('Services'), 'symbol-interface'),
  StorageClass: companion('StorageClass', 'storage.k8s.io', 'storageclasses', false, ['sc'], text('Storage classes'), 'database'),
  PersistentVolumeClaim: companion('PersistentVolumeClaim', '', 'persistentvolumeclaims', true, ['pvc'], text('Volume claims'), 'database'),
  ModuleConfig: { ...companion('ModuleConfig', 'deckhouse.io', 'moduleconfigs', false, ['mc'], text('Module settings'), 'settings-gear'), versions: ['v1alpha1'] },
  ServiceCIDR: companion('ServiceCIDR', 'networking.k8s.io', 'servicecidrs', false, [], text('Service address ranges'), 'symbol-interface'),
};

function companion(name: CompanionName, group: string, plural: string, namespaced: boolean, shortNames: readonly string[], title: string, icon: string): Kind {
  return { id: name, name, group, versions: ['v1'], plural, shortNames, namespaced, title, icon, references: [], operations: [], phases: {}, conditions: {} };
}
