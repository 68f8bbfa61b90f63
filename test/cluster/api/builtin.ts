import { countOf, eventObject, nodeRoles, nodeStatus, podReady, podRestarts, podStatus } from './builtinCells';
import type { ApiObject, Column, Resource } from './model';

type Row = readonly [kind: string, plural: string, scope: 'Namespaced' | 'Cluster', options?: { short?: string[]; all?: boolean; status?: boolean; columns?: readonly Column[] }];

const age: Column = { name: 'Age', type: 'string', jsonPath: '.metadata.creationTimestamp' };
const column = (name: string, jsonPath: string, priority = 0, type = 'string'): Column => ({ name, type, jsonPath, priority });

const computed = (name: string, compute: (object: ApiObject) => string | number): Column => ({ name, type: 'string', jsonPath: '', compute });

/** Kubernetes' own kinds that the platform or the extension uses, by group and version. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  '/v1': [
    ['Namespace', 'namespaces', 'Cluster', { short: ['ns'], status: true, columns: [column('Status', '.status.phase'), age] }],
    ['Node', 'nodes', 'Cluster', { short: ['no'], status: true, columns: [
      computed('Status', nodeStatus), computed('Roles', nodeRoles), age, column('Version', '.status.nodeInfo.kubeletVersion'),
      column('Internal-IP', '.status.addresses[?(@.type=="InternalIP")].address', 1), column('OS-Image', '.status.nodeInfo.osImage', 1),
      column('Kernel-Version', '.status.nodeInfo.kernelVersion', 1), column('Container-Runtime', '.status.nodeInfo.containerRuntimeVersion', 1)] }],
    ['Pod', 'pods', 'Namespaced', { short: ['po'], all: true, status: true, columns: [
      computed('Ready', podReady), computed('Status', podStatus), computed('Restarts', podRestarts), age, column('IP', '.status.podIP', 1), column('Node', '.spec.nodeName', 1)] }],
    ['Event', 'events', 'Namespaced', { short: ['ev'], columns: [
      column('Last Seen', '.lastTimestamp', 0, 'date'), column('Type', '.type'), column('Reason', '.reason'),
      computed('Object', eventObject), column('Source', '.source.component', 1), column('Message', '.message'), column('Count', '.count', 1)] }],
    ['Secret', 'secrets', 'Namespaced', { columns: [column('Type', '.type'), computed('Data', countOf('data')), age] }],
    ['ConfigMap', 'configmaps', 'Namespaced', { short: ['cm'], columns: [computed('Data', countOf('data')), age] }],
    ['Service', 'services', 'Namespaced', { short: ['svc'], all: true, status: true, columns: [
      column('Type', '.spec.type'), column('Cluster-IP', '.spec.clusterIP'), column('External-IP', '.spec.externalName'), column('Port(s)', '.spec.ports[*].port'), age] }],
    ['ServiceAccount', 'serviceaccounts', 'Namespaced', { short: ['sa'], columns: [age] }],
    ['PersistentVolumeClaim', 'persistentvolumeclaims', 'Namespaced', { short: ['pvc'], status: true, columns: [
      column('Status', '.status.phase'), column('Volume', '.spec.volumeName'), column('Capacity', '.status.capacity.storage'),
      column('StorageClass', '.spec.storageClassName'), age] }],
    ['PersistentVolume', 'persistentvolumes', 'Cluster', { short: ['pv'], status: true, columns: [
      column('Capacity', '.spec.capacity.storage'), column('Status', '.status.phase'), column('StorageClass', '.spec.storageClassName'), age] }],
  ],
  'apps/v1': [
    ['Deployment', 'deployments', 'Namespaced', { short: ['deploy'], all: true, status: true, columns: [
      column('Up-to-date', '.status.updatedReplicas', 0, 'integer'), column('Available', '.status.availableReplicas', 0, 'integer'), age] }],
  ],
  'coordination.k8s.io/v1': [
    ['Lease', 'leases', 'Namespaced', { columns: [column('Holder', '.spec.holderIdentity'), age] }],
  ],
  'storage.k8s.io/v1': [
    ['StorageClass', 'storageclasses', 'Cluster', { short: ['sc'], columns: [
      column('Provisioner', '.provisioner'), column('ReclaimPolicy', '.reclaimPolicy'), column('VolumeBindingMode', '.volumeBindingMode'),
      column('AllowVolumeExpansion', '.allowVolumeExpansion', 0, 'boolean'), age] }],
  ],
  'rbac.authorization.k8s.io/v1': [
    ['Role', 'roles', 'Namespaced', { columns: [column('Created At', '.metadata.creationTimestamp')] }],
    ['RoleBinding', 'rolebindings', 'Namespaced', { columns: [column('Role', '.roleRef.name'), age] }],
    ['ClusterRole', 'clusterroles', 'Cluster', { columns: [column('Created At', '.metadata.creationTimestamp')] }],
    ['ClusterRoleBinding', 'clusterrolebindings', 'Cluster', { columns: [column('Role', '.roleRef.name'), age] }],
  ],
  'apiextensions.k8s.io/v1': [
    ['CustomResourceDefinition', 'customresourcedefinitions', 'Cluster', { short: ['crd', 'crds'], status: true, columns: [column('Created At', '.metadata.creationTimestamp')] }],
  ],
  'apiregistration.k8s.io/v1': [
    ['APIService', 'apiservices', 'Cluster', { status: true, columns: [
      column('Service', '.spec.service.name'), column('Available', '.status.conditions[?(@.type=="Available")].status'), age] }],
  ],
  'admissionregistration.k8s.io/v1': [
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', 'Cluster', { columns: [age] }],
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', 'Cluster', { columns: [age] }],
  ],
};

export const builtinResources: readonly Resource[] = Object.entries(rows).flatMap(([groupVersion, kinds]) => {
  const [group = '', version = ''] = groupVersion.split('/');
  return kinds.map(([kind, plural, scope, options = {}]): Resource => ({
    group, version, storageVersion: version, kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List`,
    shortNames: options.short ?? [], categories: options.all ? ['all'] : [], namespaced: scope === 'Namespaced', hasStatus: options.status ?? false,
    ...(options.columns ? { columns: options.columns } : {}),
  }));
});

/** Resources that only answer a POST and store nothing. */
export const reviewResources: readonly { readonly group: string; readonly version: string; readonly plural: string; readonly kind: string }[] = [
  { group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
  { group: 'authentication.k8s.io', version: 'v1', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
];
