import type { Condition, KubeObject } from '../../../src/domain/kubeObject';
import { topologyOf } from '../../../src/domain/topology';
import { platformGroup } from '../../../src/domain/kind';
import { lowerAnnotation } from '../platform/lower/annotation';
import type { Kit } from './kit';

export interface MachineOptions {
  readonly namespace: string;
  readonly disks: readonly { readonly kind?: 'VirtualDisk' | 'VirtualImage' | 'ClusterVirtualImage'; readonly name: string; readonly size: string }[];
  readonly node?: string;
  readonly cores?: number;
  readonly memory?: string;
  readonly coreFraction?: string;
  readonly className?: string;
  readonly runPolicy?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ageMinutes?: number;
  readonly guest?: Guest;
  /** Merged over the spec that the options make. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Absent: Running and well. */
  readonly state?: MachineState;
}

/** How a machine differs from one that runs and is well. Conditions replace those of the same type, or follow at the end. */
export interface MachineState {
  readonly phase: 'Running' | 'Pending' | 'Starting' | 'Stopped' | 'Migrating' | 'Pause';
  readonly conditions?: readonly (Pick<Condition, 'type' | 'status' | 'reason' | 'message'> & { readonly sinceMinutes?: number })[];
  /** The guest agent does not answer. */
  readonly agent?: false;
  /** The internal machine was never made: something that it needs is missing. */
  readonly neverMade?: true;
  readonly lower?: string;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly generation?: number;
}

export const guests = {
  ubuntu: { id: 'ubuntu', kernelRelease: '6.8.0-60-generic', kernelVersion: '#63-Ubuntu SMP', machine: 'x86_64', name: 'Ubuntu', prettyName: 'Ubuntu 24.04.2 LTS', version: '24.04.2 LTS (Noble Numbat)', versionId: '24.04' },
  debian: { id: 'debian', kernelRelease: '6.1.0-37-amd64', kernelVersion: '#1 SMP Debian', machine: 'x86_64', name: 'Debian GNU/Linux', prettyName: 'Debian GNU/Linux 12 (bookworm)', version: '12 (bookworm)', versionId: '12' },
  windows: { id: 'mswindows', kernelRelease: '20348', kernelVersion: '10.0', machine: 'x86_64', name: 'Microsoft Windows', prettyName: 'Windows Server 2022 Standard', version: 'Microsoft Windows Server 2022', versionId: '2022' },
} as const;

export type Guest = keyof typeof guests;

/** A machine with its address and the address' lease; owners come first. */
export function machine(kit: Kit, name: string, options: MachineOptions): { readonly machine: KubeObject; readonly objects: readonly KubeObject[] } {
  const { namespace, ageMinutes = 60 * 24 * 9, cores = 2, memory = '4Gi', coreFraction = '20%', className = 'generic', state } = options;
  const phase = state?.phase ?? 'Running';
  const address = kit.address();
  const addressName = `${name}-${kit.random.suffix()}`;
  const instance = phase !== 'Stopped' && !state?.neverMade;
  const runs = phase === 'Running' || phase === 'Migrating' || phase === 'Pause';
  const generation = state?.generation ?? 1;
  const topology = topologyOf(cores) ?? { sockets: 1, coresPerSocket: cores };
  const vm = kit.object('VirtualMachine', name, {
    namespace, ageMinutes, generation,
    finalizers: ['vm-cleanup'],
    ...(options.labels ? { labels: options.labels } : {}),
    ...(state?.lower === undefined ? {} : { annotations: { [lowerAnnotation]: state.lower } }),
    spec: {
      blockDeviceRefs: options.disks.map((d) => ({ kind: d.kind ?? 'VirtualDisk', name: d.name })),
      bootloader: 'BIOS',
      cpu: { cores, coreFraction },
      disruptions: { restartApprovalMode: 'Manual' },
      enableParavirtualization: true,
      ...(kit.module === '0.17' ? {} : { liveMigrationPolicy: 'PreferSafe' }),
      memory: { size: memory },
      osType: options.guest === 'windows' ? 'Windows' : 'Generic',
      runPolicy: options.runPolicy ?? 'AlwaysOnUnlessStoppedManually',
      terminationGracePeriodSeconds: 60,
      virtualMachineClassName: className,
      ...options.spec,
    },
    status: {
      phase,
      blockDeviceRefs: options.disks.map((d, index) => ({
        attached: !state?.neverMade && phase !== 'Pending' && phase !== 'Starting', ...(instance ? { bootOrder: index + 1 } : {}),
        ...(state?.neverMade ? {} : { hotplugged: true }), kind: d.kind ?? 'VirtualDisk', name: d.name, size: d.size,
      })),
      guestOSInfo: runs && state?.agent !== false ? guests[options.guest ?? 'ubuntu'] : {},
      ipAddress: address,
      ...(kit.module === '0.17' ? {} : { networks: [{ id: 1, type: 'Main' }] }),
      nodeName: runs ? (options.node ?? '') : '',
      observedGeneration: generation,
      resources: {
        cpu: { coreFraction, cores, requestedCores: instance ? `${cores * 10 * Number.parseInt(coreFraction, 10)}m` : '0', runtimeOverhead: instance ? '5m' : '0', topology },
        memory: { runtimeOverhead: '0', size: memory },
      },
      stats: { ...(runs && kit.module !== '0.17' ? { lastStartTime: kit.ago(ageMinutes - 2) } : {}), launchTimeDuration: {} },
      versions: runs || phase === 'Stopped' ? { libvirt: '10.9.0', qemu: '9.2.0' } : {},
      virtualMachineIPAddressName: addressName,
      ...(instance ? { virtualMachinePods: [{ active: true, name: `d8v-vm-${name}-${kit.random.suffix()}` }] } : {}),
      ...state?.status,
      conditions: conditionsFor(kit, phase, ageMinutes, generation, state),
    },
  });
  const owned = kit.object('VirtualMachineIPAddress', addressName, {
    namespace, ageMinutes, owner: vm, finalizers: ['vmip-cleanup'],
    labels: { [`${platformGroup}/virtual-machine-uid`]: vm.metadata.uid ?? '' },
    spec: { type: 'Auto' },
    status: {
      address, phase: 'Attached', virtualMachineName: name, observedGeneration: 1,
      conditions: [kit.condition('Bound', 'True', 'Bound', ageMinutes), kit.condition('Attached', 'True', 'Attached', ageMinutes)],
    },
  });
  return { machine: vm, objects: [vm, owned, leaseOf(kit, owned, address, ageMinutes)] };
}

/** The cluster-wide reservation of an address. */
export function leaseOf(kit: Kit, owner: KubeObject, address: string, ageMinutes: number): KubeObject {
  return kit.object('VirtualMachineIPAddressLease', `ip-${address.replaceAll('.', '-')}`, {
    ageMinutes, finalizers: ['vmipl-cleanup'],
    labels: { [`${platformGroup}/virtual-machine-ip-address-uid`]: owner.metadata.uid ?? '' },
    spec: { virtualMachineIPAddressRef: { name: owner.metadata.name, namespace: owner.metadata.namespace } },
    status: { phase: 'Bound', observedGeneration: 1, conditions: [kit.condition('Bound', 'True', 'Bound', ageMinutes)] },
  });
}

function conditionsFor(kit: Kit, phase: string, ageMinutes: number, generation: number, state: MachineState | undefined): readonly Condition[] {
  const runs = phase === 'Running' || phase === 'Migrating' || phase === 'Pause';
  const at = (type: string, status: Condition['status'], reason: string, message = '') => kit.condition(type, status, reason, ageMinutes, message, generation);
  const usual = [
    at('VirtualMachineClassReady', 'True', 'VirtualMachineClassReady'),
    at('VirtualMachineIPAddressReady', 'True', 'VirtualMachineIPAddressReady'),
    ...(kit.module === '0.17' ? [] : [at('VirtualMachineMACAddressReady', 'True', 'VirtualMachineMACAddressReady')]),
    at('BlockDevicesReady', 'True', 'BlockDevicesReady'),
    at('ProvisioningReady', 'True', 'ProvisioningReady'),
    runs ? at('Running', 'True', 'Running') : at('Running', 'False', 'NotRunning'),
    state?.neverMade ? at('Migratable', 'False', 'VirtualMachineNonMigratable') : at('Migratable', 'True', 'VirtualMachineMigratable'),
    ...(runs ? [state?.agent === false
      ? at('AgentReady', 'False', 'AgentNotReady', 'The guest agent is not responding. Make sure the guest agent is installed and running in the guest OS.')
      : at('AgentReady', 'True', 'AgentReady')] : []),
  ];
  const special = (state?.conditions ?? []).map((c) => kit.condition(c.type, c.status, c.reason ?? '', c.sinceMinutes ?? ageMinutes, c.message, generation));
  const replaced = new Map(special.map((c) => [c.type, c]));
  return [...usual.map((c) => replaced.get(c.type) ?? c), ...special.filter((c) => !usual.some((u) => u.type === c.type))];
}
