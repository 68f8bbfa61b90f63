import { KubeApi } from '../../../src/cluster/api';
import { ExecPlugins } from '../../../src/cluster/execPlugin';
import { connect, loadKubeConfig } from '../../../src/cluster/kubeConfig';
import { follow } from '../../../src/cluster/watch';
import { systemClock } from '../../../src/base/timing';
import { phaseOf, type KubeObject } from '../../../src/domain/kubeObject';
import { startPlatform, type Platform, type PlatformOptions } from '../../cluster/platform/index';
import { resourceOf } from '../../cluster/platform/resources';
import type { Cluster } from '../../cluster/start';
import { Transitions, type History } from './transitions';
import { VirtualClock } from './virtualClock';

const group = 'virtualization.deckhouse.io';
const recordedKinds = ['VirtualMachineClass', 'ClusterVirtualImage', 'VirtualImage', 'VirtualDisk', 'VirtualMachineIPAddressLease', 'VirtualMachineIPAddress', 'VirtualMachine', 'VirtualMachineOperation'];

/** More virtual time than any scenario needs: what takes longer never comes. */
const patienceMs = 15 * 60_000;

/** Real time that a watch event may take to arrive. */
const arrivalMs = 30_000;

/**
 * The platform on virtual time in a cluster, and a user in one namespace. Time passes only in `until`, and only while the
 * platform has nothing to write.
 */
export class Scenario {
  readonly namespace: string;
  readonly #module: '1.10' | '0.17';
  readonly #api: KubeApi;
  readonly #platform: Platform;
  readonly #clock: VirtualClock;
  readonly #log: string[];
  readonly #transitions = new Transitions(0);
  readonly #seen = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  readonly #abort = new AbortController();

  private constructor(parts: { namespace: string; module: '1.10' | '0.17'; api: KubeApi; platform: Platform; clock: VirtualClock; log: string[] }) {
    this.namespace = parts.namespace;
    this.#module = parts.module;
    this.#api = parts.api;
    this.#platform = parts.platform;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  static async start(cluster: Cluster, namespace: string, module: '1.10' | '0.17' = '1.10', more: Pick<PlatformOptions, 'hypervisor'> = {}): Promise<Scenario> {
    const clock = new VirtualClock();
    const log: string[] = [];
    const platform = await startPlatform({ kubeconfig: cluster.kubeconfigs.admin, module, install: true, clock, log: (message) => log.push(message), ...more });
    const { contexts } = await loadKubeConfig([{ files: [cluster.kubeconfigs.admin] }]);
    const plugins = new ExecPlugins({ clock: systemClock, log: () => undefined, environment: () => Promise.resolve({}), mayRun: () => Promise.resolve(false) });
    const api = new KubeApi({ connection: connect(contexts[0]!, { plugins }), userAgent: 'scenario' });
    const scenario = new Scenario({ namespace, module, api, platform, clock, log });
    await scenario.#ensure('Namespace', namespace, { namespaced: false });
    await Promise.all(recordedKinds.map((kind) => new Promise<void>((listed) => void scenario.#record(kind, listed))));
    return scenario;
  }

  /** Nodes, storage classes and the class `generic`, unless they are there. */
  async furnish(parts: { readonly genericClass: boolean }): Promise<void> {
    for (const name of ['master-1', 'worker-1', 'worker-2', 'worker-3']) {
      await this.#ensure('Node', name, { namespaced: false, labels: name === 'master-1' ? { 'node-role.kubernetes.io/control-plane': '' } : {} });
    }
    await this.#ensure('StorageClass', 'shared-rwx', { namespaced: false, provisioner: 'example.test', volumeBindingMode: 'Immediate' });
    await this.#ensure('StorageClass', 'shared-wffc', { namespaced: false, provisioner: 'example.test', volumeBindingMode: 'WaitForFirstConsumer' });
    await this.#ensure('StorageClass', 'local-rwo', { namespaced: false, provisioner: 'example.test', volumeBindingMode: 'WaitForFirstConsumer', annotations: { 'virtualdisk.virtualization.deckhouse.io/access-mode': 'ReadWriteOnce' } });
    if (parts.genericClass && !this.#platform.known.get('VirtualMachineClass', 'generic')) {
      await this.createClass('generic', this.#module === '1.10' ? genericClass : oldClass);
    }
    await this.#platform.idle();
  }

  async create(kind: string, name: string, spec: object, more: object = {}): Promise<void> {
    const { metadata, ...rest } = more as { metadata?: object };
    await this.#write(this.#api.create(resourceOf(kind, this.#module), this.#object(kind, name, { ...(kind === 'Secret' ? {} : { spec }), ...rest }, metadata)));
  }

  async createClass(name: string, spec: object): Promise<void> {
    const resource = resourceOf('VirtualMachineClass', this.#module);
    await this.#write(this.#api.create(resource, { apiVersion: `${group}/${resource.version}`, kind: 'VirtualMachineClass', metadata: { name }, spec }));
    await this.until('VirtualMachineClass', name, (object) => phaseOf(object) !== undefined);
  }

  async patch(kind: string, name: string, patch: object): Promise<void> {
    await this.#write(this.#api.patch(resourceOf(kind, this.#module), this.#target(kind, name), patch, { type: 'merge' }));
  }

  /** Tells the layer below what to play for an object; nothing: all is well again. */
  async lower(kind: string, name: string, word: string | null): Promise<void> {
    await this.patch(kind, name, { metadata: { annotations: { 'embedded.dvp-tools/lower': word } } });
  }

  async delete(kind: string, name: string): Promise<void> {
    const object = this.object(kind, name);
    await this.#api.delete(resourceOf(kind, this.#module), this.#target(kind, name));
    await this.#arrival(() => {
      const now = this.object(kind, name);
      return now === undefined || now.metadata.uid !== object?.metadata.uid || now.metadata.deletionTimestamp !== undefined;
    }, `the deletion of ${kind} ${name}`);
  }

  /** Drains the node of a machine, or opens it again. */
  async drain(node: string, isWanted: boolean): Promise<void> {
    await this.patch('Node', node, { spec: { unschedulable: isWanted ? true : null }, metadata: { annotations: { 'update.node.deckhouse.io/draining': isWanted ? 'user' : null } } });
  }

  /** The only operation of a machine whose name begins so. @throws Error when there is none, or more than one */
  operationNamed(prefix: string, machine: string): KubeObject {
    const found = [...this.#platform.known.by(`operation of machine:${this.namespace}/${machine}`)].filter(({ metadata }) => metadata.name.startsWith(prefix));
    if (found.length !== 1) {
      throw new Error(`${found.length} operations ${prefix}… of ${machine}`);
    }
    return found[0]!;
  }

  /** Something that happens inside a machine's guest. */
  guest(name: string, what: 'shutdown' | 'reset' | 'crash'): void {
    this.#platform.lower.happen(this.object('VirtualMachine', name)!, what);
  }

  object(kind: string, name: string): KubeObject | undefined {
    return this.#platform.known.get(kind, name, this.#target(kind, name).namespace);
  }

  /** Lets the platform work, and time pass, until an object is as expected. @throws Error when that never comes */
  async until(kind: string, name: string, isSo: (object: KubeObject) => boolean): Promise<void> {
    await this.untilAll(() => {
      const object = this.object(kind, name);
      return object !== undefined && isSo(object);
    }, () => `${kind} ${name}: ${JSON.stringify(this.object(kind, name)?.status)}`);
  }

  async untilGone(kind: string, name: string): Promise<void> {
    await this.untilAll(() => this.object(kind, name) === undefined, () => `${kind} ${name} is still there: ${JSON.stringify(this.object(kind, name)?.metadata)}`);
  }

  async untilAll(isSo: () => boolean, describe: () => string): Promise<void> {
    const endMs = this.#clock.now() + patienceMs;
    for (;;) {
      await this.#platform.idle();
      if (isSo()) {
        return;
      }
      const { nextMs } = this.#clock;
      if (nextMs === undefined || nextMs > endMs) {
        await this.#arrival(isSo, `${describe()}\n${this.#log.join('\n')}`);
        return;
      }
      this.#clock.step();
    }
  }

  /** Lets `ms` pass, as a user who looks on. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#clock.now() + ms;
    await this.#platform.idle();
    for (let { nextMs } = this.#clock; nextMs !== undefined && nextMs <= endMs; { nextMs } = this.#clock) {
      this.#clock.step();
      await this.#platform.idle();
    }
    this.#clock.skip(Math.max(0, endMs - this.#clock.now()));
  }

  /** The histories of all objects, once the watches have told of everything. */
  async histories(): Promise<Readonly<Record<string, History>>> {
    await this.#platform.idle();
    await this.#arrival(() => this.#isCaughtUp(), 'the last watch events');
    return this.#transitions.histories();
  }

  /** What went wrong inside the platform. */
  get log(): readonly string[] {
    return this.#log;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#platform.stop();
    this.#api.dispose();
  }

  /** Whether the recording watches have told of every version that the platform knows, and of every deletion. */
  #isCaughtUp(): boolean {
    const objects = recordedKinds.flatMap((kind) => [...this.#platform.known.all(kind)]);
    const uids = new Set(objects.map(({ metadata }) => metadata.uid));
    return [...this.#seen.keys()].every((uid) => uids.has(uid)) && objects.every(({ metadata }) => (this.#seen.get(metadata.uid ?? '') ?? 0) >= Number(metadata.resourceVersion));
  }

  async #record(kind: string, listed: () => void): Promise<void> {
    for await (const change of follow(this.#api, resourceOf(kind, this.#module), { clock: systemClock, signal: this.#abort.signal })) {
      if (change.type === 'listed') {
        change.objects.forEach((object) => this.#saw(object, false));
        listed();
      } else if (change.type === 'set' || change.type === 'deleted') {
        this.#saw(change.object, change.type === 'deleted');
        if (change.object.metadata.namespace === undefined || change.object.metadata.namespace === this.namespace) {
          this.#transitions.add(change.object, change.type === 'deleted', 0);
        }
      }
    }
  }

  #saw(object: KubeObject, isDeleted: boolean): void {
    if (isDeleted) {
      this.#seen.delete(object.metadata.uid ?? '');
    } else {
      this.#seen.set(object.metadata.uid ?? '', Number(object.metadata.resourceVersion));
    }
    this.#waiting.splice(0).forEach((resolve) => resolve());
  }

  /** A write of the user counts from when the platform knows of it. */
  async #write(writing: Promise<KubeObject>): Promise<void> {
    const written = await writing;
    await this.#arrival(() => {
      const known = this.#platform.known.get(written.kind, written.metadata.name, written.metadata.namespace);
      return known !== undefined && Number(known.metadata.resourceVersion) >= Number(written.metadata.resourceVersion);
    }, `${written.kind} ${written.metadata.name} to arrive`);
    await this.#platform.idle();
  }

  async #arrival(isThere: () => boolean, what: string): Promise<void> {
    let isLate = false;
    const timer = systemClock.after(arrivalMs, () => {
      isLate = true;
      this.#waiting.splice(0).forEach((resolve) => resolve());
    });
    while (!isThere()) {
      if (isLate) {
        throw new Error(`Waited in vain for ${what}`);
      }
      await Promise.race([this.#platform.change(), new Promise<void>((resolve) => this.#waiting.push(resolve))]);
    }
    timer.dispose();
  }

  async #ensure(kind: string, name: string, { namespaced, ...rest }: { namespaced: boolean; labels?: object; annotations?: object; [field: string]: unknown }): Promise<void> {
    const { labels, annotations, ...fields } = rest;
    const isCore = kind === 'Node' || kind === 'Namespace';
    const resource = { group: isCore ? '' : 'storage.k8s.io', version: 'v1', plural: kind === 'StorageClass' ? 'storageclasses' : `${kind.toLowerCase()}s`, namespaced };
    await this.#api.create(resource, { apiVersion: isCore ? 'v1' : 'storage.k8s.io/v1', kind, metadata: { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }, ...fields } as unknown as KubeObject).catch((error: { reason?: string }) => {
      if (error.reason !== 'alreadyExists') {
        throw error as Error;
      }
    });
    if (kind !== 'Namespace') {
      await this.#arrival(() => this.#platform.known.get(kind, name) !== undefined, `${kind} ${name}`);
    }
  }

  #object(kind: string, name: string, fields: object, metadata: object = {}): KubeObject {
    const { version, group: own } = resourceOf(kind, this.#module);
    return { apiVersion: own === '' ? version : `${own}/${version}`, kind, metadata: { ...this.#target(kind, name), ...metadata }, ...fields };
  }

  #target(kind: string, name: string): { name: string; namespace?: string } {
    return resourceOf(kind, this.#module).namespaced ? { name, namespace: this.namespace } : { name };
  }
}

/** The class of the recordings: two ranges of sizes on the workers. */
export const genericClass = {
  cpu: { type: 'Model', model: 'Nehalem' },
  nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
  sizingPolicies: [
    { cores: { min: 1, max: 4 }, memory: { min: '1Gi', max: '16Gi', step: '512Mi' }, coreFractions: ['5%', '10%', '20%', '50%', '100%'], defaultCoreFraction: '20%' },
    { cores: { min: 5, max: 16 }, memory: { perCore: { min: '1Gi', max: '8Gi' } }, coreFractions: ['20%', '50%', '100%'] },
  ],
};

/** The same in the older version, with shares as numbers. */
const oldClass = { cpu: genericClass.cpu, sizingPolicies: [{ cores: { min: 1, max: 4 }, coreFractions: [20, 50, 100] }] };

/** A small machine on `disk`, as the recordings have it. */
export function machineSpec(disks: readonly string[], more: object = {}): object {
  return {
    virtualMachineClassName: 'generic', cpu: { cores: 2, coreFraction: '20%' }, memory: { size: '2Gi' },
    blockDeviceRefs: disks.map((name) => ({ kind: 'VirtualDisk', name })), ...more,
  };
}

export function diskSpec(size = '10Gi', storageClassName = 'shared-rwx', more: object = {}): object {
  return { persistentVolumeClaim: { size, storageClassName }, ...more };
}
