import type { ApiObject } from './model';

const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const rbac = 'rbac.authorization.k8s.io';

/** What a fresh Kubernetes cluster holds by itself, as far as rights and namespaces go. */
export const bootstrapObjects: readonly ApiObject[] = [
  ...namespaces.map((name): ApiObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  role('cluster-admin', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, { nonResourceURLs: ['*'], verbs: ['*'] }]),
  role('system:discovery', [{
    nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/'], verbs: ['get'],
  }]),
  role('system:basic-user', [
    { apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], verbs: ['create'] },
    { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
  ]),
  role('system:public-info-viewer', [{ nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'], verbs: ['get'] }]),
  binding('cluster-admin', 'system:masters'),
  binding('system:discovery', 'system:authenticated'),
  binding('system:basic-user', 'system:authenticated'),
  binding('system:public-info-viewer', 'system:authenticated', 'system:unauthenticated'),
];

function role(name: string, rules: readonly object[]): ApiObject {
  return { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules };
}

function binding(name: string, ...groups: readonly string[]): ApiObject {
  return {
    apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name }, subjects: groups.map((group) => ({ kind: 'Group', apiGroup: rbac, name: group })),
  };
}
