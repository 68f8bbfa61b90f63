import type { KubeApi, Resource } from '../../../src/cluster/api';
import { ClusterError } from '../../../src/cluster/errors';
import { sleep, type Clock } from '../../../src/base/timing';
import { conditionOf, type KubeObject } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import { platformGroup } from '../../../src/domain/kind';
import { crdsOf } from '../crds';
import { hooksOf } from './admission/admission';
import type { Module } from './resources';
import { service, type Endpoint } from './server';
import { streamGroup } from './streams/streams';

const crds: Resource = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions', namespaced: false };
const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces', namespaced: false };
const services: Resource = { group: '', version: 'v1', plural: 'services', namespaced: true };
const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };
const apiServices: Resource = { group: 'apiregistration.k8s.io', version: 'v1', plural: 'apiservices', namespaced: false };
const hooks = (kind: 'Validating' | 'Mutating'): Resource => ({ group: 'admissionregistration.k8s.io', version: 'v1', plural: `${kind.toLowerCase()}webhookconfigurations`, namespaced: false });

/** How long a server may take to serve new kinds. */
const patienceMs = 20_000;
const pollMs = 100;

const classCrd = `virtualmachineclasses.${platformGroup}`;
const hookName = 'virtualization-controller';
const apiServiceName = `v1alpha2.${streamGroup}`;

/** Makes the platform's kinds where they do not exist, and waits until they are served. Kinds that exist stay as they are. */
export async function installCrds(api: KubeApi, module: Module, clock: Clock): Promise<void> {
  const names: string[] = [];
  for (const crd of await crdsOf(module)) {
    names.push(crd.metadata.name);
    await api.create(crds, crd as KubeObject).catch(unless('alreadyExists'));
  }
  const deadlineMs = clock.now() + patienceMs;
  for (const name of names) {
    while (conditionOf(await api.get(crds, name), 'Established')?.status !== 'True') {
      if (clock.now() > deadlineMs) {
        throw new Error(`The cluster does not serve "${name}" after ${patienceMs / 1000} s.`);
      }
      await sleep(clock, pollMs);
    }
  }
}

/** The CA of the certificate with which the API server passes on requests of users; `undefined` where there is none. */
export async function proxyCa(api: KubeApi): Promise<string | undefined> {
  try {
    return stringAt(await api.get(configMaps, 'extension-apiserver-authentication', 'kube-system'), 'data.requestheader-client-ca-file');
  } catch (error) {
    unless('notFound')(error);
    return undefined;
  }
}

/** Points the API server at `endpoint` for admission, conversion and streams. */
export async function connectHooks(api: KubeApi, module: Module, endpoint: Endpoint): Promise<void> {
  const caBundle = Buffer.from(endpoint.caPem).toString('base64');
  const url = `https://127.0.0.1:${endpoint.port}`;
  for (const kind of ['Validating', 'Mutating'] as const) {
    const webhooks = hooksOf(module).filter(({ mutates }) => kind === 'Validating' || mutates).map((hook) => ({
      name: hook.name, admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Fail', timeoutSeconds: 10,
      matchPolicy: hook.kind === 'VirtualMachineClass' ? 'Exact' : 'Equivalent',
      clientConfig: { url: `${url}/${kind === 'Validating' ? 'validate' : 'mutate'}/${hook.kind}`, caBundle },
      rules: [{ apiGroups: [hook.group], apiVersions: [hook.version], resources: [hook.plural], operations: hook.operations, scope: '*' }],
    }));
    if (webhooks.length > 0) {
      await put(api, hooks(kind), { apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration`, metadata: { name: hookName }, webhooks });
    }
  }
  if (module === '1.10') {
    await api.patch(crds, { name: classCrd }, { spec: { conversion: { strategy: 'Webhook', webhook: { clientConfig: { url: `${url}/convert`, caBundle }, conversionReviewVersions: ['v1'] } } } }, { type: 'merge' });
  }
  const { namespace, name } = service;
  await api.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }).catch(unless('alreadyExists'));
  await put(api, services, { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port: endpoint.port }] } });
  await put(api, apiServices, {
    apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: apiServiceName },
    spec: { group: streamGroup, version: 'v1alpha2', groupPriorityMinimum: 999, versionPriority: 15, caBundle, service: { namespace, name, port: endpoint.port } },
  });
}

/** Takes back what would make the API server wait for a platform that is gone. */
export async function disconnectHooks(api: KubeApi, module: Module): Promise<void> {
  for (const kind of ['Validating', 'Mutating'] as const) {
    await api.delete(hooks(kind), { name: hookName }).catch(unless('notFound'));
  }
  await api.delete(apiServices, { name: apiServiceName }).catch(unless('notFound'));
  if (module === '1.10') {
    await api.patch(crds, { name: classCrd }, { spec: { conversion: { strategy: 'None', webhook: null } } }, { type: 'merge' }).catch(unless('notFound'));
  }
}

/** Creates an object, in the place of an older one. */
async function put(api: KubeApi, resource: Resource, object: object): Promise<void> {
  const wanted = object as KubeObject;
  await api.delete(resource, wanted.metadata).catch(unless('notFound'));
  await api.create(resource, wanted);
}

function unless(reason: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ClusterError && error.reason === reason)) {
      throw error;
    }
  };
}
