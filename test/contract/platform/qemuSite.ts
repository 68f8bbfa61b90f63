import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import WebSocket from 'ws';
import { systemClock } from '../../../src/base/timing';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { startPlatform, type Platform } from '../../cluster/platform/index';
import type { Guest } from '../../cluster/platform/lower/guest';
import { startQemu, type QemuHypervisor } from '../../cluster/platform/lower/qemu/hypervisor';
import { humanTiming, scaled } from '../../cluster/platform/lower/timing';
import { resourceOf } from '../../cluster/platform/resources';
import { startCluster, type Cluster } from '../../cluster/start';
import { diskSpec, genericClass, machineSpec } from './scenario';

const namespace = 'team-qemu';

/** A guest takes three seconds to boot on a quiet machine. */
const patienceMs = 120_000;

/** A cluster in real time with one machine, `vm`, in QEMU. */
export class QemuSite {
  readonly cluster: Cluster;
  readonly platform: Platform;
  readonly hypervisor: QemuHypervisor;
  readonly log: string[];

  private constructor(parts: { cluster: Cluster; platform: Platform; hypervisor: QemuHypervisor; log: string[] }) {
    this.cluster = parts.cluster;
    this.platform = parts.platform;
    this.hypervisor = parts.hypervisor;
    this.log = parts.log;
  }

  static async start(): Promise<QemuSite> {
    const log: string[] = [];
    const cluster = await startCluster({ world: 'empty', platform: false });
    const hypervisor = await startQemu({ memoryMib: 96, migrationMibPerS: 24, limit: 1, log: (message) => log.push(message) });
    const platform = await startPlatform({
      kubeconfig: cluster.kubeconfigs.admin, module: '1.10', install: true, timing: scaled(humanTiming, 0.1), hypervisor, log: (message) => log.push(message),
    });
    const site = new QemuSite({ cluster, platform, hypervisor, log });
    await site.#make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const name of ['worker-1', 'worker-2']) {
      await site.#make('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } });
    }
    await site.#make('/apis/storage.k8s.io/v1/storageclasses', { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'shared-rwx' }, provisioner: 'example.test', volumeBindingMode: 'Immediate' });
    await site.create('VirtualMachineClass', 'generic', genericClass);
    return site;
  }

  async addMachine(name: string): Promise<void> {
    await this.create('VirtualDisk', `${name}-root`, diskSpec('1Gi'));
    await this.create('VirtualMachine', name, machineSpec([`${name}-root`], { memory: { size: '1Gi' } }));
  }

  async create(kind: string, name: string, spec: object): Promise<void> {
    await this.#make(this.#path(kind), { apiVersion: `virtualization.deckhouse.io/${resourceOf(kind, '1.10').version}`, kind, metadata: { name }, spec });
  }

  async delete(kind: string, name: string): Promise<void> {
    await this.cluster.admin.do('DELETE', `${this.#path(kind)}/${name}`);
  }

  object(kind: string, name: string): KubeObject | undefined {
    return this.platform.known.get(kind, name, namespace);
  }

  /** What runs in a machine now. */
  guest(name = 'vm'): Guest | undefined {
    const machine = this.object('VirtualMachine', name);
    return machine && this.platform.lower.guest(machine);
  }

  /** Waits until `isSo`, looking whenever something in the cluster has changed. @throws Error after two minutes */
  async until(isSo: () => boolean, what: string): Promise<void> {
    let isLate = false;
    const timer = systemClock.after(patienceMs, () => (isLate = true));
    while (!isSo()) {
      if (isLate) {
        throw new Error(`Waited in vain for ${what}\n${this.log.join('\n')}`);
      }
      // Not everything that is waited for is an object.
      await Promise.race([this.platform.change(), new Promise((resolve) => setTimeout(resolve, 50))]);
    }
    timer.dispose();
  }

  async untilPhase(kind: string, name: string, phase: string): Promise<void> {
    await this.until(() => (this.object(kind, name)?.status as { phase?: string } | undefined)?.phase === phase, `${kind} ${name} to be ${phase}`);
  }

  stream(stream: string, name = 'vm'): WebSocket {
    const url = `${this.cluster.url.replace('https', 'wss')}/apis/subresources.virtualization.deckhouse.io/v1alpha2/namespaces/${namespace}/virtualmachines/${name}/${stream}`;
    return new WebSocket(url, { ca: this.cluster.caPem, headers: { authorization: `Bearer ${this.cluster.users.admin.token}` } });
  }

  /** The processes of QEMU that run, oldest first. */
  get pids(): readonly number[] {
    return globSync('*/pid', { cwd: this.hypervisor.folder }).sort((a, b) => parseInt(a, 10) - parseInt(b, 10)).map((file) => Number(readFileSync(path.join(this.hypervisor.folder, file), 'utf8')));
  }

  async stop(): Promise<void> {
    await this.platform.stop();
    await this.cluster.stop();
  }

  #path(kind: string): string {
    const { group, version, plural, namespaced } = resourceOf(kind, '1.10');
    return `/apis/${group}/${version}/${namespaced ? `namespaces/${namespace}/` : ''}${plural}`;
  }

  async #make(path: string, body: object): Promise<void> {
    await this.cluster.admin.do('POST', path, body);
  }
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
