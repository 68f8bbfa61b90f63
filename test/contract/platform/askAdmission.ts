import { knownKind } from '../../../src/domain/kinds/index';
import type { ModuleSettings } from '../../../src/language/rule';
import type { Answer } from '../../cluster/adminClient';
import { objectOr, objectsOf, type ApiObject, type JsonObject } from '../../cluster/api/model';
import type { Module } from '../../cluster/crds';
import { startPlatform, type Platform } from '../../cluster/platform/index';
import { untilServed } from '../../cluster/populate';
import type { Cluster } from '../../cluster/start';
import { until } from '../../until';
import { documents, identityOf, verdictOf, type AdmissionCase, type Identity, type Verdict } from './admissionCases';

/** A cluster with the platform's admission, without its controllers: states stay as they are written. */
export class AdmissionSite {
  readonly #cluster: Cluster;
  readonly #module: Module;
  #platform: Platform | undefined;

  constructor(cluster: Cluster, module: Module) {
    this.#cluster = cluster;
    this.#module = module;
  }

  /** Makes stand-ins for the kinds of the layers below, which the platform asks about. */
  async serveLayersBelow(): Promise<void> {
    const crds = layersBelow.map(([group, version, kind, scope]) => standIn(group, version, kind, scope));
    await Promise.all(crds.map((crd) => this.#cluster.admin.do('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd)));
    await untilServed(this.#cluster.admin, crds);
  }

  /** Has the platform answer with these settings from now on. */
  async install(settings: ModuleSettings): Promise<void> {
    await this.#platform?.stop();
    this.#platform = await startPlatform({ kubeconfig: this.#cluster.kubeconfigs.admin, module: this.#module, controllers: false, settings });
    await this.#passOver();
  }

  /** Writes an object as it is, with its status, and waits until the platform knows it. */
  async put(object: ApiObject): Promise<void> {
    const { status, ...rest } = object;
    const { admin } = this.#cluster;
    const identity = identityOfObject(object);
    let written = await admin.do('POST', collectionOf(identity), rest);
    if (object.kind === 'Node') {
      // A new node is tainted as not ready, and nobody here would take that away.
      written = await admin.do('PATCH', pathOf(identity), { spec: { taints: objectOr(rest['spec'])['taints'] ?? null } });
    }
    if (status !== undefined) {
      const isPart = (await admin.ask('GET', `${pathOf(identity)}/status`)).code === 200;
      written = await admin.do('PATCH', isPart ? `${pathOf(identity)}/status` : pathOf(identity), { status });
    }
    await this.untilKnown(identity, (written['metadata'] as ApiObject['metadata']).resourceVersion);
  }

  async patch(identity: Identity, patch: JsonObject): Promise<void> {
    const written = await this.#cluster.admin.do('PATCH', pathOf(identity), patch);
    await this.untilKnown(identity, (written['metadata'] as ApiObject['metadata']).resourceVersion);
  }

  async remove(object: ApiObject): Promise<void> {
    const identity = identityOfObject(object);
    await this.#cluster.admin.ask('DELETE', `${pathOf(identity)}?gracePeriodSeconds=0`);
    await this.untilKnown(identity, undefined);
  }

  /** Waits until the platform has seen a version of an object, or that it is gone. Of kinds it does not watch it never knows. */
  async untilKnown({ kind, name, namespace }: Identity, resourceVersion: string | undefined): Promise<void> {
    const platform = this.#platform!;
    const known = () => (platform.known.get(kind, name, namespace) ?? platform.known.get(kind, name))?.metadata.resourceVersion;
    while (watchedKinds.has(kind) && known() !== resourceVersion) {
      await platform.change();
    }
  }

  /** Asks one case: what it needs is there only meanwhile. */
  async ask(asked: AdmissionCase): Promise<Verdict> {
    const needed = [...documents(asked.given), ...documents(asked.before)];
    for (const object of needed) {
      await this.put(object);
    }
    if (asked.settle !== undefined) {
      const second = Math.floor(Date.now() / 1000);
      await until(() => Math.floor(Date.now() / 1000) > second, 'the next second');
    }
    const verdict = verdictOf(this.#module, asked.manifest, await this.#dryRun(asked));
    for (const object of needed.toReversed()) {
      await this.remove(object);
    }
    return verdict;
  }

  async stop(): Promise<void> {
    await this.#platform?.stop();
  }

  async #dryRun({ operation, manifest }: AdmissionCase): Promise<Answer> {
    const { admin } = this.#cluster;
    const identity = identityOf(manifest);
    const query = '?dryRun=All&fieldValidation=Strict&fieldManager=test';
    if (operation === 'create') {
      return await admin.ask('POST', collectionOf(identity) + query, { body: manifest, contentType: 'application/yaml' });
    }
    if (operation === 'delete') {
      return await admin.ask('DELETE', `${pathOf(identity)}?dryRun=All`);
    }
    const { metadata } = await admin.do('GET', pathOf(identity)) as unknown as ApiObject;
    const body = manifest.replace(/^metadata:[ \t]*\n/m, `metadata:\n  resourceVersion: "${metadata.resourceVersion ?? ''}"\n`);
    return await admin.ask('PUT', pathOf(identity) + query, { body, contentType: 'application/yaml' });
  }

  /** Lets objects with the label `lab-bypass` past the webhooks, and waits until that and the webhooks themselves are in force. */
  async #passOver(): Promise<void> {
    const { admin } = this.#cluster;
    for (const list of ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']) {
      for (const item of objectsOf((await admin.do('GET', `${registrations}/${list}`))['items'])) {
        const webhooks = objectsOf(item['webhooks']).map((webhook) => ({ ...webhook, objectSelector: { matchExpressions: [{ key: 'lab-bypass', operator: 'DoesNotExist' }] } }));
        await admin.do('PATCH', `${registrations}/${list}/${String(objectOr(item['metadata'])['name'])}`, { webhooks });
      }
    }
    const disk = (labels: object) => this.#probe('VirtualDisk', { metadata: { name: 'with.dot', labels }, spec: { persistentVolumeClaim: { size: '1Gi' } } });
    const machine = { metadata: { name: 'probe' }, spec: { virtualMachineClassName: 'nowhere', cpu: { cores: 1 }, memory: { size: '1Gi' }, blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'd' }] } };
    await until(async () => await disk({}) === 403 && await disk({ 'lab-bypass': '' }) === 201 && await this.#probe('VirtualMachine', machine) === (this.#module === '1.10' ? 404 : 201), 'the webhooks in force');
  }

  async #probe(kind: string, object: object): Promise<number> {
    const apiVersion = 'virtualization.deckhouse.io/v1alpha2';
    const { code } = await this.#cluster.admin.ask('POST', `${collectionOf({ apiVersion, kind, namespace: 'default', name: '' })}?dryRun=All`, { body: { apiVersion, kind, ...object } });
    return code;
  }
}

const registrations = '/apis/admissionregistration.k8s.io/v1';

const layersBelow = [
  ['snapshot.storage.k8s.io', 'v1', 'VolumeSnapshot', 'Namespaced'],
  ['kubevirt.io', 'v1', 'VirtualMachineInstance', 'Namespaced'],
  ['network.deckhouse.io', 'v1alpha1', 'ClusterNetwork', 'Cluster'],
  ['network.deckhouse.io', 'v1alpha1', 'Network', 'Namespaced'],
] as const;

/** Those of the recorded objects that the platform half watches. */
const watchedKinds = new Set([
  ...layersBelow.map(([, , kind]) => kind as string), 'PersistentVolume', 'PersistentVolumeClaim', 'Node', 'StorageClass', 'Secret', 'ModuleConfig',
  'VirtualMachineClass', 'ClusterVirtualImage', 'VirtualImage', 'VirtualDisk', 'VirtualDiskSnapshot', 'VirtualMachine',
  'VirtualMachineBlockDeviceAttachment', 'VirtualMachineOperation', 'VirtualMachineIPAddress', 'VirtualMachineIPAddressLease',
]);

function standIn(group: string, version: string, kind: string, scope: string): ApiObject {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, a stand-in' } },
    spec: { group, scope, names: { kind, plural }, versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] },
  };
}

const identityOfObject = ({ apiVersion, kind, metadata }: ApiObject): Identity => ({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? 'adm' });

function collectionOf({ apiVersion, kind, namespace }: Identity): string {
  const namespaced = knownKind(kind)?.namespaced ?? !['PersistentVolume', 'ClusterNetwork', 'Namespace'].includes(kind);
  const plural = knownKind(kind)?.plural ?? `${kind.toLowerCase()}s`;
  return `${apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`}${namespaced ? `/namespaces/${namespace}` : ''}/${plural}`;
}

const pathOf = (identity: Identity) => `${collectionOf(identity)}/${identity.name}`;

