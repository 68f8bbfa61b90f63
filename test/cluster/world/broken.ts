import type { KubeObject } from '../../../src/domain/kubeObject';
import { attachment, diskSnapshot, evacuation, operation } from './actions';
import { plain, type Kit } from './kit';
import { machine } from './machine';
import { simple } from './simple';
import { disk, image } from './storage';

/** Things that went wrong in instructive ways. Their causes are really there: the platform half finds them as they are. */
export function broken(kit: Kit): readonly KubeObject[] {
  return [...missing(kit), ...storage(kit), ...placement(kit), ...guest(kit), ...moving(kit)];
}

const ns = 'lab';

function missing(kit: Kit): readonly KubeObject[] {
  const notMade = { phase: 'Pending', neverMade: true } as const;
  const notFound = 'VirtualMachineClass "turbo" not found. Specify an existing VirtualMachineClass in spec.virtualMachineClassName.';
  return [
    ...simple(kit, 'no-class', {
      namespace: ns, className: 'turbo', ageMinutes: 42,
      state: { ...notMade, conditions: [
        { type: 'VirtualMachineClassReady', status: 'False', reason: 'VirtualMachineClassNotReady', message: notFound },
        { type: 'SizingPolicyMatched', status: 'False', reason: 'VirtualMachineClassNotFound', message: notFound },
      ] },
    }),
    ...machine(kit, 'no-disk', {
      namespace: ns, ageMinutes: 65, disks: [{ name: 'never-made', size: '' }],
      state: { ...notMade, conditions: [{ type: 'BlockDevicesReady', status: 'False', reason: 'BlockDevicesNotReady', message: 'Waiting for block devices to be ready to use: 0/1.' }] },
    }).objects,
    plain('v1', 'Secret', 'wrong-type', { type: 'Opaque', data: { userData: Buffer.from('#cloud-config\n').toString('base64') } }, { namespace: ns }),
    ...simple(kit, 'wrong-secret', {
      namespace: ns, ageMinutes: 18, spec: { provisioning: { type: 'UserDataRef', userDataRef: { kind: 'Secret', name: 'wrong-type' } } },
      state: { ...notMade, conditions: [{ type: 'ProvisioningReady', status: 'False', reason: 'ProvisioningNotReady', message: 'Unexpected secret type: Opaque' }] },
    }),
  ];
}

function storage(kit: Kit): readonly KubeObject[] {
  const failed = (what: string) => `Provisioning failed: Pod ${ns}/${what} termination message: error creating data source: HTTP request failed: unexpected status 404 Not Found.`;
  return [
    image(kit, 'nightly', { namespace: ns, source: { url: 'https://images.example.invalid/nightly.qcow2' }, ageMinutes: 200, state: { phase: 'Failed', message: failed('d8v-vi-importer-nightly'), lower: 'import-404' } }),
    image(kit, 'installer', { namespace: ns, source: { url: 'https://images.example.invalid/installer.iso' }, cdrom: true, ageMinutes: 300 }),
    image(kit, 'golden', { namespace: ns, source: 'upload', ageMinutes: 25, state: { phase: 'WaitForUserUpload' } }),
    disk(kit, 'from-iso', { namespace: ns, size: '10Gi', source: { image: 'installer' }, ageMinutes: 280, state: { phase: 'Failed', message: 'Creating a virtual disk from an ISO image is not supported: please use a virtual image or a cluster virtual image instead.' } }),
    disk(kit, 'from-nightly', {
      namespace: ns, size: '10Gi', source: { image: 'nightly' }, ageMinutes: 190,
      state: { phase: 'Pending', reason: 'DatasourceIsNotReady', message: 'VirtualImage "nightly" is not ready', datasource: { status: 'False', reason: 'ImageNotReady', message: 'VirtualImage "nightly" is not ready' } },
    }),
    disk(kit, 'scratch', { namespace: ns, size: '50Gi', storageClass: 'replicated-wait', ageMinutes: 400, state: { phase: 'WaitForFirstConsumer' } }),
    disk(kit, 'lost', { namespace: ns, size: '30Gi', ageMinutes: 60 * 24 * 40, state: { phase: 'PVCLost', message: 'PersistentVolumeClaim not found.' } }),
    diskSnapshot(kit, 'queue-before-update', 'shop', 'queue-01-root', 150, { reason: 'PotentiallyInconsistent', message: 'Cannot take a consistent snapshot: the guest agent does not respond and the disk is in use.' }),
    attachment(kit, 'attach-scratch', ns, 'gone', { kind: 'VirtualDisk', name: 'scratch' }, 'Pending', [
      { type: 'BlockDeviceReady', status: 'True', reason: 'BlockDeviceReady' },
      { type: 'VirtualMachineReady', status: 'False', reason: 'VirtualMachineNotReady', message: 'VirtualMachine "gone" not found.' },
      { type: 'Attached', status: 'False', reason: 'NotAttached', message: 'VirtualMachine "gone" not found.' },
      { type: 'DiskAttachmentCapacityAvailableType', status: 'True', reason: 'CapacityAvailable' },
    ], 55),
  ];
}

function placement(kit: Kit): readonly KubeObject[] {
  return [
    ...simple(kit, 'too-big', {
      namespace: ns, cores: 16, memory: '120Gi', coreFraction: '100%', ageMinutes: 33,
      state: { phase: 'Pending', lower: 'unschedulable', conditions: [{ type: 'Running', status: 'False', reason: 'PodNotStarted', message: 'Could not schedule the virtual machine: Unschedulable: 0/8 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 7 Insufficient memory.' }] },
    }),
    ...simple(kit, 'stuck-volume', {
      namespace: ns, ageMinutes: 21,
      state: { phase: 'Starting', lower: 'attach-error', conditions: [{ type: 'Running', status: 'False', reason: 'PodNotStarted', message: 'Error attaching block devices to virtual machine: FailedAttachVolume: Multi-Attach error for volume "pvc-1" Volume is already used by another node' }] },
    }),
  ];
}

function guest(kit: Kit): readonly KubeObject[] {
  return [
    ...simple(kit, 'unbootable', {
      namespace: ns, node: 'node-a4', ageMinutes: 80,
      state: { phase: 'Running', agent: false, lower: 'no-agent,no-bootable-device', conditions: [{ type: 'Running', status: 'True', reason: 'NoBootableDevice', message: 'Among all the virtual machine’s block devices, there is no device from which it can boot. Check OS image is compatible with the chosen bootloader "BIOS".' }] },
    }),
  ];
}

/** A node is drained: one machine is on its way, one is marked and cannot leave. */
function moving(kit: Kit): readonly KubeObject[] {
  const evict = { type: 'EvictionRequired', status: 'True', reason: 'EvictionRequired', message: 'VirtualMachine should be evicted from current node or restarted.', sinceMinutes: 12 } as const;
  const pinned = simple(kit, 'pinned', {
    namespace: ns, node: 'node-b3', storageClass: 'local-ssd', ageMinutes: 60 * 24 * 5,
    state: { phase: 'Running', lower: 'eviction-required', conditions: [
      { type: 'Migratable', status: 'False', reason: 'VirtualMachineDisksNotMigratable', message: 'Live migration requires all disks to use ReadWriteMany (shared) storage. Make sure the StorageClass supports the ReadWriteMany access mode.' },
      evict,
    ] },
  });
  const leaving = machine(kit, 'leaving', { namespace: ns, node: 'node-b3', guest: 'debian', disks: [{ name: 'leaving-root', size: '20Gi' }], ageMinutes: 60 * 24 * 4 });
  const failed = machine(kit, 'restless', { namespace: ns, node: 'node-a2', guest: 'debian', disks: [{ name: 'restless-root', size: '20Gi' }], ageMinutes: 60 * 24 * 2 });
  return [
    ...pinned,
    disk(kit, 'leaving-root', { namespace: ns, size: '20Gi', source: { clusterImage: 'debian-12' }, machine: 'leaving' }), ...leaving.objects, evacuation(kit, leaving.machine),
    disk(kit, 'restless-root', { namespace: ns, size: '20Gi', source: { clusterImage: 'debian-12' }, machine: 'restless' }), ...failed.objects,
    operation(kit, 'restless-evict-k8v2m', failed.machine, { type: 'Evict' }, { phase: 'Failed', reason: 'NotConverging', message: 'Migration did not converge: guest writes memory faster than it can be copied', progress: '63%' }, 37),
    operation(kit, 'restless-start-b6t9z', failed.machine, { type: 'Start' }, { phase: 'Failed', reason: 'NotApplicableForVirtualMachinePhase', message: 'Operation type Start is not applicable for VirtualMachine in phase Running' }, 36),
  ];
}
