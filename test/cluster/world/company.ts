import type { KubeObject } from '../../../src/domain/kubeObject';
import { attachedConditions, attachment, machineSnapshot, operation } from './actions';
import { broken } from './broken';
import { cloudInit } from './guide';
import { namespace } from './ground';
import type { Kit } from './kit';
import { machine, type MachineOptions } from './machine';
import { simple } from './simple';
import { disk, image } from './storage';

/** A small company: a shop, its billing, a build farm, a lab where things break, and desktops. */
export function company(kit: Kit): readonly KubeObject[] {
  return [
    ...['shop', 'billing', 'build', 'lab', 'desktops'].map(namespace),
    image(kit, 'debian-12', { source: { url: 'https://images.example.invalid/debian-12-generic-amd64.qcow2' }, unpacked: '2Gi' }),
    image(kit, 'windows-2022', { source: { url: 'https://images.example.invalid/windows-server-2022.qcow2' }, unpacked: '22Gi' }),
    image(kit, 'rescue', { source: { url: 'https://images.example.invalid/rescue.iso' }, cdrom: true }),
    ...shop(kit), ...billing(kit), ...build(kit), ...desktops(kit), ...broken(kit),
  ];
}

function shop(kit: Kit): readonly KubeObject[] {
  const ns = 'shop';
  const web = (n: number, node: string, extra: Partial<MachineOptions> = {}) => simple(kit, `web-0${n}`, { namespace: ns, node, labels: { app: 'web', tier: 'front' }, ...extra });
  const api = (n: number, node: string, extra: Partial<MachineOptions> = {}) => simple(kit, `api-0${n}`, { namespace: ns, node, cores: 4, memory: '8Gi', labels: { app: 'api', tier: 'back' }, ...extra });
  return [
    cloudInit(ns, 'web-cloud-init', 'web'),
    // Real, where the embedded cluster has real guests.
    ...web(1, 'node-a1', { state: { phase: 'Running', lower: 'real-guest' } }),
    ...web(2, 'node-a2', {
      cores: 4,
      state: {
        phase: 'Running', generation: 2,
        status: {
          resources: { cpu: { coreFraction: '20%', cores: 2, requestedCores: '400m', runtimeOverhead: '5m', topology: { sockets: 1, coresPerSocket: 2 } }, memory: { runtimeOverhead: '0', size: '4Gi' } },
          restartAwaitingChanges: [{ operation: 'replace', path: 'cpu.cores', currentValue: 2, desiredValue: 4 }],
        },
        conditions: [
          { type: 'ConfigurationApplied', status: 'False', reason: 'ConfigurationNotApplied', message: 'Waiting for the user to restart in order to apply the configuration changes.', sinceMinutes: 46 },
          { type: 'AwaitingRestartToApplyConfiguration', status: 'True', reason: 'ChangesPendingRestart', message: 'Waiting for the user to restart in order to apply the configuration changes. ', sinceMinutes: 46 },
        ],
      },
    }),
    ...web(3, 'node-a3', { state: { phase: 'Running', lower: 'real-guest' } }),
    ...web(4, '', { state: { phase: 'Stopped' } }),
    ...api(1, 'node-a1'), ...api(2, 'node-a3'), ...api(3, 'node-a4'),
    ...simple(kit, 'cache-01', { namespace: ns, node: 'node-b1', className: 'high-memory', coreFraction: '50%', cores: 4, memory: '32Gi', labels: { app: 'cache', tier: 'back' } }),
    ...simple(kit, 'queue-01', {
      namespace: ns, node: 'node-a4', labels: { app: 'queue', tier: 'back' },
      state: { phase: 'Running', agent: false, lower: 'no-agent' },
    }),
  ];
}

function billing(kit: Kit): readonly KubeObject[] {
  const ns = 'billing';
  const db = machine(kit, 'db-01', {
    namespace: ns, node: 'node-b1', className: 'high-memory', cores: 8, memory: '64Gi', coreFraction: '100%', guest: 'ubuntu', labels: { app: 'db', role: 'primary' },
    disks: [{ name: 'db-01-root', size: '20Gi' }, { name: 'db-01-data', size: '200Gi' }, { name: 'db-01-backup', size: '100Gi' }],
    spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'db-01-root' }, { kind: 'VirtualDisk', name: 'db-01-data' }], runPolicy: 'AlwaysOn' },
  });
  const replica = machine(kit, 'db-02', {
    namespace: ns, node: 'node-b2', className: 'high-memory', cores: 8, memory: '64Gi', coreFraction: '100%', guest: 'ubuntu', labels: { app: 'db', role: 'replica' },
    disks: [{ name: 'db-02-root', size: '20Gi' }, { name: 'db-02-data', size: '200Gi' }],
  });
  return [
    disk(kit, 'db-01-root', { namespace: ns, size: '20Gi', source: { clusterImage: 'debian-12' }, machine: 'db-01' }),
    disk(kit, 'db-01-data', { namespace: ns, size: '200Gi', machine: 'db-01' }),
    disk(kit, 'db-01-backup', { namespace: ns, size: '100Gi', machine: 'db-01' }),
    ...db.objects,
    attachment(kit, 'db-01-backup', ns, 'db-01', { kind: 'VirtualDisk', name: 'db-01-backup' }, 'Attached', attachedConditions, 60 * 24 * 3),
    ...machineSnapshot(kit, 'db-01-nightly', db.machine, ['db-01-root', 'db-01-data'], 60 * 9),
    operation(kit, 'db-01-restart-hx5wq', db.machine, { type: 'Restart' }, { phase: 'Completed', reason: 'OperationCompleted' }, 60 * 26),
    disk(kit, 'db-02-root', { namespace: ns, size: '20Gi', source: { clusterImage: 'debian-12' }, machine: 'db-02' }),
    disk(kit, 'db-02-data', { namespace: ns, size: '200Gi', machine: 'db-02' }),
    ...replica.objects,
    ...simple(kit, 'ledger-01', { namespace: ns, node: 'node-a2', cores: 2, memory: '8Gi', labels: { app: 'ledger' } }),
    ...simple(kit, 'reports-01', { namespace: ns, labels: { app: 'reports' }, runPolicy: 'Manual', state: { phase: 'Stopped' } }),
    // An old image keeps the firmware of the day it was started.
    ...simple(kit, 'archive-01', {
      namespace: ns, node: 'node-a3', labels: { app: 'archive' }, ageMinutes: 60 * 24 * 210,
      state: { phase: 'Running', conditions: [{ type: 'FirmwareUpToDate', status: 'False', reason: 'FirmwareOutOfDate', message: 'The VM firmware version is outdated and not recommended for use with the current version of the virtualization module, please migrate or reboot the VM to upgrade its firmware version.', sinceMinutes: 60 * 24 * 2 }], lower: 'firmware-out-of-date' },
    }),
  ];
}

function build(kit: Kit): readonly KubeObject[] {
  const ns = 'build';
  const places = ['node-a1', 'node-a2', 'node-a3', 'node-a4', 'node-b2', 'node-b2'];
  return [
    ...places.flatMap((node, index) => simple(kit, `runner-0${index + 1}`, { namespace: ns, node, cores: 8, memory: '16Gi', labels: { app: 'runner' }, storageClass: index === 5 ? 'local-ssd' : 'replicated', ...(index === 5 ? { state: localDisk } : {}) })),
    ...simple(kit, 'artifacts-01', { namespace: ns, node: 'node-a1', labels: { app: 'artifacts' }, size: '500Gi' }),
    ...simple(kit, 'mirror-01', { namespace: ns, labels: { app: 'mirror' }, runPolicy: 'AlwaysOff', state: { phase: 'Stopped' } }),
  ];
}

/** What the platform says of a running machine whose disk only one node can use. */
const localDisk = {
  phase: 'Running',
  conditions: [{ type: 'Migratable', status: 'False', reason: 'VirtualMachineDisksNotMigratable', message: 'Live migration requires all disks to use ReadWriteMany (shared) storage. Make sure the StorageClass supports the ReadWriteMany access mode.' }],
} as const;

function desktops(kit: Kit): readonly KubeObject[] {
  const ns = 'desktops';
  return Array.from({ length: 6 }, (_, index) => simple(kit, `desktop-0${index + 1}`, {
    namespace: ns, node: kit.random.pick(['node-a2', 'node-a3', 'node-a4']), guest: 'windows', from: 'windows-2022', size: '60Gi', cores: 4, memory: '8Gi', coreFraction: '50%',
    labels: { app: 'desktop', team: index < 3 ? 'sales' : 'finance' },
    ...(index === 4 ? { state: { phase: 'Pause', lower: 'paused' } as const } : index === 5 ? { state: { phase: 'Stopped' } as const } : {}),
  })).flat();
}
