import type { KubeObject } from '../../../src/domain/kubeObject';
import { plain, type Kit } from './kit';

/** Nodes in two groups; `node-b3` is being drained. */
export const nodes = ['node-a1', 'node-a2', 'node-a3', 'node-a4', 'node-b1', 'node-b2', 'node-b3'] as const;

/** What every world stands on: nodes, storage classes, machine classes and the module's settings. */
export function ground(kit: Kit): readonly KubeObject[] {
  return [...[...nodes, 'control-1'].map((name) => node(name)), ...storageClasses(), ...machineClasses(kit), moduleSettings()];
}

export function namespace(name: string): KubeObject {
  return plain('v1', 'Namespace', name);
}

export function node(name: string, cpu = '32', memory = '131072Mi'): KubeObject {
  const control = name.startsWith('control');
  const drained = name === 'node-b3';
  return plain('v1', 'Node', name, {
    spec: {
      ...(drained ? { unschedulable: true } : {}),
      ...(control ? { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] } : {}),
    },
    status: {
      capacity: { cpu, memory, pods: '110' }, allocatable: { cpu, memory, pods: '110' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
      nodeInfo: { kubeletVersion: 'v1.31.9', kernelVersion: '6.8.0-60-generic', osImage: 'Ubuntu 24.04.2 LTS', containerRuntimeVersion: 'containerd://1.7.27', architecture: 'amd64', operatingSystem: 'linux' },
    },
  }, {
    labels: {
      'kubernetes.io/hostname': name, 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux',
      'node.deckhouse.io/group': control ? 'master' : name.startsWith('node-b') ? 'high-memory' : 'general',
      'topology.kubernetes.io/zone': name.startsWith('node-b') ? 'zone-b' : 'zone-a',
      ...(control ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
    },
  });
}

function moduleSettings(): KubeObject {
  return plain('deckhouse.io/v1alpha1', 'ModuleConfig', 'virtualization', {
    spec: { enabled: true, version: 1, settings: { virtualMachineCIDRs: ['10.66.0.0/16'], dvcr: { storage: { type: 'PersistentVolumeClaim', persistentVolumeClaim: { size: '200Gi', storageClassName: 'replicated' } } } } },
  });
}

function storageClasses(): readonly KubeObject[] {
  const make = (name: string, provisioner: string, rest: Readonly<Record<string, unknown>>, annotations: Readonly<Record<string, string>> = {}) =>
    plain('storage.k8s.io/v1', 'StorageClass', name, { provisioner, reclaimPolicy: 'Delete', ...rest }, { annotations });
  return [
    make('replicated', 'replicated.csi.storage.deckhouse.io', { volumeBindingMode: 'Immediate', allowVolumeExpansion: true },
      { 'storageclass.kubernetes.io/is-default-class': 'true', 'virtualdisk.virtualization.deckhouse.io/access-mode': 'ReadWriteMany', 'virtualdisk.virtualization.deckhouse.io/volume-mode': 'Block' }),
    make('replicated-wait', 'replicated.csi.storage.deckhouse.io', { volumeBindingMode: 'WaitForFirstConsumer', allowVolumeExpansion: true },
      { 'virtualdisk.virtualization.deckhouse.io/access-mode': 'ReadWriteMany', 'virtualdisk.virtualization.deckhouse.io/volume-mode': 'Block' }),
    make('local-ssd', 'local.csi.storage.deckhouse.io', { volumeBindingMode: 'WaitForFirstConsumer', allowVolumeExpansion: true },
      { 'virtualdisk.virtualization.deckhouse.io/access-mode': 'ReadWriteOnce', 'virtualdisk.virtualization.deckhouse.io/volume-mode': 'Block' }),
  ];
}

function machineClasses(kit: Kit): readonly KubeObject[] {
  const old = kit.module === '0.17';
  const fraction = (percent: number) => (old ? percent : `${percent}%`);
  const workers = ['node-a1', 'node-a2', 'node-a3', 'node-a4', 'node-b1', 'node-b2', 'node-b3'];
  const make = (name: string, spec: Readonly<Record<string, unknown>>, available: readonly string[], isDefault = false) =>
    kit.object('VirtualMachineClass', name, {
      version: old ? 'v1alpha2' : 'v1alpha3', ageMinutes: 60 * 24 * 90, finalizers: ['vm-cleanup'],
      ...(isDefault && !old ? { annotations: { 'virtualmachineclass.virtualization.deckhouse.io/is-default-class': 'true' } } : {}),
      spec,
      status: {
        phase: 'Ready', availableNodes: available, cpuFeatures: {}, maxAllocatableResources: { cpu: '32', memory: '128Gi' }, observedGeneration: 1,
        conditions: [
          kit.condition('Discovered', 'False', 'DiscoverySkip', 60 * 24 * 90, `Discovery not needed for cpu.type "${(spec['cpu'] as { type: string }).type}"`),
          kit.condition('Ready', 'True', 'SuitableNodesFound', 60 * 24 * 90),
        ],
      },
    });
  return [
    make('generic', {
      cpu: { type: 'Model', model: 'Nehalem' },
      nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
      sizingPolicies: [
        { cores: { min: 1, max: 4 }, memory: { min: '1Gi', max: '16Gi', step: '512Mi' }, coreFractions: [5, 10, 20, 50, 100].map(fraction), ...(old ? {} : { defaultCoreFraction: fraction(20) }) },
        { cores: { min: 5, max: 16 }, memory: { perCore: { min: '1Gi', max: '8Gi' } }, coreFractions: [20, 50, 100].map(fraction) },
      ],
    }, workers, true),
    make('high-memory', {
      cpu: { type: 'Model', model: 'Skylake-Server' },
      nodeSelector: { matchLabels: { 'node.deckhouse.io/group': 'high-memory' } },
      sizingPolicies: [{ cores: { min: 2, max: 32 }, memory: { perCore: { min: '4Gi', max: '16Gi' } }, coreFractions: [50, 100].map(fraction) }],
    }, workers.filter((name) => name.startsWith('node-b'))),
    make('host', { cpu: { type: 'HostPassthrough' } }, workers),
  ];
}
