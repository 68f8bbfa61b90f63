import type { CompanionName, Kind } from '../kind';

/** Kubernetes' own kinds that matter to the platform's objects: what they are called, nothing more. */
export const companions: Readonly<Record<CompanionName, Kind>> = {
  Namespace: companion('Namespace', '', 'namespaces', false, ['ns'], 'Namespaces', 'symbol-namespace'),
  Node: companion('Node', '', 'nodes', false, ['no'], 'Nodes', 'server'),
  Pod: companion('Pod', '', 'pods', true, ['po'], 'Pods', 'package'),
  Event: companion('Event', '', 'events', true, ['ev'], 'Events', 'bell'),
  Secret: companion('Secret', '', 'secrets', true, [], 'Secrets', 'key'),
  Service: companion('Service', '', 'services', true, ['svc'], 'Services', 'symbol-interface'),
  StorageClass: companion('StorageClass', 'storage.k8s.io', 'storageclasses', false, ['sc'], 'Storage classes', 'database'),
  PersistentVolumeClaim: companion('PersistentVolumeClaim', '', 'persistentvolumeclaims', true, ['pvc'], 'Volume claims', 'database'),
};

function companion(name: CompanionName, group: string, plural: string, namespaced: boolean, shortNames: readonly string[], title: string, icon: string): Kind {
  return { id: name, name, group, versions: ['v1'], plural, shortNames, namespaced, title, icon, references: [], operations: [], phases: {}, conditions: {} };
}
