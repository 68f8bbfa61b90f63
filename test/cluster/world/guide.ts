import type { KubeObject } from '../../../src/domain/kubeObject';
import { attachedConditions, attachment, diskSnapshot, machineSnapshot } from './actions';
import { namespace } from './ground';
import { plain, type Kit } from './kit';
import { machine, leaseOf } from './machine';
import { disk, image } from './storage';

/** What a reader of the user guide has after following it: its names, in the namespace `default`. */
export function guide(kit: Kit): readonly KubeObject[] {
  const ns = 'default';
  const vm = machine(kit, 'linux-vm', {
    namespace: ns, node: 'node-a1', ageMinutes: 190, guest: 'ubuntu',
    disks: [{ name: 'linux-vm-root', size: '10Gi' }, { name: 'blank-disk', size: '100Mi' }],
    labels: { vm: 'linux-vm', service: 'nginx' },
    spec: {
      blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'linux-vm-root' }],
      provisioning: { type: 'UserDataRef', userDataRef: { kind: 'Secret', name: 'cloud-init-example' } },
    },
  });
  const staticAddress = kit.address();
  const custom = kit.object('VirtualMachineIPAddress', 'linux-vm-custom-ip', {
    namespace: ns, ageMinutes: 120, finalizers: ['vmip-cleanup'], spec: { type: 'Static', staticIP: staticAddress },
    status: { address: staticAddress, phase: 'Bound', observedGeneration: 1, conditions: [kit.condition('Bound', 'True', 'Bound', 120), kit.condition('Attached', 'False', 'VirtualMachineNotFound', 120)] },
  });
  return [
    namespace(ns),
    cloudInit(ns, 'cloud-init-example', 'linux-vm'),
    image(kit, 'ubuntu-22-04', { namespace: ns, source: { url: 'https://images.example.invalid/jammy-server-cloudimg-amd64.img' }, ageMinutes: 260 }),
    image(kit, 'ubuntu-iso', { namespace: ns, source: { url: 'https://images.example.invalid/ubuntu-22.04-live-server-amd64.iso' }, cdrom: true, ageMinutes: 250 }),
    disk(kit, 'linux-vm-root', { namespace: ns, size: '10Gi', source: { image: 'ubuntu-22-04' }, machine: 'linux-vm', ageMinutes: 240 }),
    disk(kit, 'blank-disk', { namespace: ns, size: '100Mi', machine: 'linux-vm', ageMinutes: 230 }),
    ...vm.objects,
    attachment(kit, 'attach-blank-disk', ns, 'linux-vm', { kind: 'VirtualDisk', name: 'blank-disk' }, 'Attached', attachedConditions, 170),
    custom, leaseOf(kit, custom, staticAddress, 120),
    diskSnapshot(kit, 'linux-vm-root-1728027905', ns, 'linux-vm-root', 100),
    ...machineSnapshot(kit, 'linux-vm-snapshot', vm.machine, ['linux-vm-root', 'blank-disk'], 95),
  ];
}

/** A provisioning Secret as the guide has it; the values are made up. */
export function cloudInit(ns: string, name: string, hostname: string): KubeObject {
  const text = ['#cloud-config', `hostname: ${hostname}`, 'packages:', '  - nginx', '  - qemu-guest-agent', 'runcmd:', '  - systemctl enable --now qemu-guest-agent', ''].join('\n');
  return plain('v1', 'Secret', name, { type: 'provisioning.virtualization.deckhouse.io/cloud-init', data: { userData: Buffer.from(text).toString('base64') } }, { namespace: ns });
}
