import { randomBytes } from 'node:crypto';
import type { ApiObject } from './api/model';
import type { Authority, Certificate } from './certificates';

/** Somebody who may use the cluster, and how they prove who they are. */
export interface ClusterUser {
  readonly name: UserName;
  readonly groups: readonly string[];
  /** Every user has a token; for `admin` and `editor` the kubeconfig holds a certificate instead, for `exec` a program that prints it. */
  readonly token: string;
  readonly certificate?: Certificate;
}

export type UserName = 'admin' | 'editor' | 'viewer' | 'exec' | 'token';

const administrators = 'cluster-administrators';

/** The users of an embedded cluster with fresh credentials. `system:masters` is `admin` alone. */
export async function createUsers(authority: Authority): Promise<readonly ClusterUser[]> {
  const token = () => randomBytes(24).toString('base64url');
  return [
    { name: 'admin', groups: ['system:masters'], token: token(), certificate: await authority.client('admin', ['system:masters']) },
    { name: 'editor', groups: [], token: token(), certificate: await authority.client('editor', []) },
    { name: 'viewer', groups: [], token: token() },
    { name: 'exec', groups: [administrators], token: token() },
    { name: 'token', groups: [administrators], token: token() },
  ];
}

const virtualization = 'virtualization.deckhouse.io';
const streams = `subresources.${virtualization}`;
const read = ['get', 'list', 'watch'];
const write = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const namespacedKinds = [
  'virtualmachines', 'virtualdisks', 'virtualimages', 'virtualmachineoperations', 'virtualmachineblockdeviceattachments', 'virtualdisksnapshots',
  'virtualmachinesnapshots', 'virtualmachinesnapshotoperations', 'virtualmachinerestores', 'virtualmachineipaddresses', 'virtualmachinemacaddresses', 'virtualmachinepools', 'usbdevices',
];

/** RBAC objects that give the users their rights, alike on every API server. `editor` and `viewer` are at home in `projects`. */
export function rightsOf(projects: readonly string[]): ApiObject[] {
  const viewing = [
    { apiGroups: [virtualization], resources: namespacedKinds, verbs: read },
    { apiGroups: [''], resources: ['events', 'services', 'resourcequotas'], verbs: read },
  ];
  return [
    clusterRole('d8:use:role:viewer:virtualization', viewing),
    clusterRole('d8:use:role:manager:virtualization', [
      ...viewing,
      { apiGroups: [virtualization], resources: namespacedKinds, verbs: write },
      { apiGroups: [streams], resources: ['virtualmachines/console', 'virtualmachines/vnc', 'virtualmachines/portforward'], verbs: ['get', 'create', 'update'] },
      { apiGroups: [''], resources: ['secrets', 'services'], verbs: [...read, ...write] },
      { apiGroups: [''], resources: ['pods', 'persistentvolumeclaims'], verbs: read },
    ]),
    // What a user of the cluster, not of one project, sees of it: classes and images for all.
    clusterRole('d8:user-authz:virtualization:user', [
      { apiGroups: [virtualization], resources: ['virtualmachineclasses', 'clustervirtualimages'], verbs: read },
      { apiGroups: [''], resources: ['namespaces'], verbs: read },
    ]),
    binding('ClusterRoleBinding', 'embedded:administrators', 'cluster-admin', { kind: 'Group', name: administrators }),
    binding('ClusterRoleBinding', 'embedded:editor', 'd8:user-authz:virtualization:user', { kind: 'User', name: 'editor' }),
    ...projects.flatMap((namespace) => [
      binding('RoleBinding', 'embedded:editor', 'd8:use:role:manager:virtualization', { kind: 'User', name: 'editor' }, namespace),
      binding('RoleBinding', 'embedded:viewer', 'd8:use:role:viewer:virtualization', { kind: 'User', name: 'viewer' }, namespace),
    ]),
  ];
}

const rbac = 'rbac.authorization.k8s.io';

function clusterRole(name: string, rules: readonly object[]): ApiObject {
  return { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules };
}

function binding(kind: 'ClusterRoleBinding' | 'RoleBinding', name: string, role: string, subject: { kind: 'User' | 'Group'; name: string }, namespace?: string): ApiObject {
  return {
    apiVersion: `${rbac}/v1`, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role }, subjects: [{ ...subject, apiGroup: rbac }],
  };
}
