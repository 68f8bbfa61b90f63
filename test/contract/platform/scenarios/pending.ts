import { diskSpec, machineSpec } from '../scenario';
import { hasAgent, isCleared, isPhase, isReason, type Recorded } from './kit';

const image = { storage: 'ContainerRegistry', dataSource: { type: 'HTTP', http: { url: 'https://images.example.invalid/slow.qcow2' } } };

/** Machines without a class, a disk, an image; then what was missing comes. */
export const pending: Recorded = {
  tolerance: { flickers: ['BlockDevicesReady', 'InUse'] },
  play: async (s) => {
    await s.create('VirtualDisk', 'd1', diskSpec());
    await s.until('VirtualDisk', 'd1', isPhase('Ready'));
    await s.create('VirtualMachine', 'class-missing', machineSpec(['d1'], { virtualMachineClassName: 'absent' }));
    await s.createClass('broken', { cpu: { type: 'Discovery', discovery: { nodeSelector: { matchLabels: { pool: 'gpu' } } } }, nodeSelector: {}, sizingPolicies: [{ cores: { min: 1, max: 8 } }] });
    await s.create('VirtualDisk', 'd2', diskSpec());
    await s.create('VirtualMachine', 'class-not-ready', machineSpec(['d2'], { virtualMachineClassName: 'broken' }));
    await s.create('VirtualMachine', 'disk-missing', machineSpec(['nowhere']));
    await s.create('VirtualMachine', 'two-devices', machineSpec(['nowhere', 'd2']));
    await s.create('VirtualMachine', 'image-missing', machineSpec([], { blockDeviceRefs: [{ kind: 'ClusterVirtualImage', name: 'nowhere' }] }));
    await s.create('VirtualImage', 'slow', image, { metadata: { annotations: { 'embedded.dvp-tools/lower': 'unschedulable' } } });
    await s.create('VirtualMachine', 'image-not-ready', machineSpec([], { blockDeviceRefs: [{ kind: 'VirtualImage', name: 'slow' }] }));
    await s.create('VirtualDisk', 'd3', diskSpec('10Gi', 'shared-rwx', { dataSource: { type: 'ObjectRef', objectRef: { kind: 'VirtualImage', name: 'slow' } } }));
    await s.create('VirtualMachine', 'disk-not-ready', machineSpec(['d3']));
    await s.until('VirtualImage', 'slow', isPhase('Failed'));
    await s.pass(2500);
    await s.create('VirtualDisk', 'nowhere', diskSpec());
    await s.until('VirtualMachine', 'disk-missing', isPhase('Running'));
    await s.lower('VirtualImage', 'slow', null);
    await s.until('VirtualMachine', 'image-not-ready', hasAgent);
    await s.until('VirtualMachine', 'disk-not-ready', isReason('AgentReady', 'AgentNotReady'));
  },
};

/** A class whose sizes change under a machine, a quota that is too small, and no room on any node. */
export const sizingQuota: Recorded = {
  tolerance: {
    flickers: ['BlockDevicesReady', 'InUse'],
    ignore: {
      'VirtualMachine/sized VirtualMachineClassReady': 'the platform did not look at the machine between the deletion of its class and its own',
      'VirtualMachine/sized SizingPolicyMatched': 'the same',
    },
  },
  play: async (s) => {
    await s.createClass('small', { cpu: { type: 'Model', model: 'Nehalem' }, nodeSelector: {}, sizingPolicies: [{ cores: { min: 1, max: 2 }, memory: { min: '1Gi', max: '4Gi' }, coreFractions: ['10%', '50%', '100%'] }] });
    await s.create('VirtualDisk', 'a1', diskSpec());
    await s.create('VirtualMachine', 'sized', machineSpec(['a1'], { virtualMachineClassName: 'small', cpu: { cores: 2, coreFraction: '50%' } }));
    await s.until('VirtualMachine', 'sized', isReason('AgentReady', 'AgentNotReady'));
    await s.until('VirtualMachine', 'sized', isPhase('Running'));
    await s.patch('VirtualMachineClass', 'small', { spec: { sizingPolicies: [{ cores: { min: 3, max: 4 }, memory: { min: '3Gi', max: '4Gi' }, coreFractions: ['10%'] }] } });
    await s.pass(1200);
    await s.create('VirtualMachineOperation', 'sized-stop', { type: 'Stop', virtualMachineName: 'sized' });
    await s.until('VirtualMachineOperation', 'sized-stop', isPhase('Completed'));
    await s.until('VirtualMachine', 'sized', isCleared);
    await s.create('VirtualMachineOperation', 'sized-start', { type: 'Start', virtualMachineName: 'sized' });
    await s.pass(8000);
    await s.delete('VirtualMachineClass', 'small');
    await s.pass(2000);
    await s.delete('VirtualMachine', 'sized');
    await s.untilGone('VirtualMachine', 'sized');
    await s.untilGone('VirtualMachineClass', 'small');
    await s.until('VirtualMachineOperation', 'sized-start', isPhase('Failed'));

    await s.create('VirtualDisk', 'a2', diskSpec());
    await s.until('VirtualDisk', 'a2', isPhase('Ready'));
    await s.create('VirtualMachine', 'over-quota', machineSpec(['a2']), { metadata: { annotations: { 'embedded.dvp-tools/lower': 'quota' } } });
    await s.until('VirtualMachine', 'over-quota', isReason('Running', 'PodNotStarted'));
    await s.lower('VirtualMachine', 'over-quota', null);
    await s.until('VirtualMachine', 'over-quota', isPhase('Running'));
    await s.create('VirtualDisk', 'a3', diskSpec());
    await s.create('VirtualMachine', 'lonely', machineSpec(['a3'], { memory: { size: '1Gi' } }), { metadata: { annotations: { 'embedded.dvp-tools/lower': 'unschedulable' } } });
    await s.until('VirtualMachine', 'lonely', isReason('Running', 'PodNotStarted'));
    await s.until('VirtualMachine', 'over-quota', hasAgent);
    await s.lower('VirtualMachine', 'lonely', null);
    await s.until('VirtualMachine', 'lonely', isReason('AgentReady', 'AgentNotReady'));
  },
};

const secretRef = (name: string) => ({ provisioning: { type: 'UserDataRef', userDataRef: { kind: 'Secret', name } } });
const cloudInit = 'provisioning.virtualization.deckhouse.io/cloud-init';

/** Secrets and addresses that are missing, wrong or taken. */
export const pendingProvisioningAddress: Recorded = {
  tolerance: { flickers: ['BlockDevicesReady', 'InUse'] },
  play: async (s) => {
    for (const disk of ['d4', 'd5', 'd6']) {
      await s.create('VirtualDisk', disk, diskSpec());
    }
    await s.create('VirtualMachine', 'secret-missing', machineSpec(['d4'], secretRef('cloud-init')));
    await s.create('Secret', 'wrong-type', {}, { type: 'Opaque', stringData: { userData: '#cloud-config' } });
    await s.create('VirtualMachine', 'secret-wrong-type', machineSpec(['d5'], secretRef('wrong-type')));
    await s.create('Secret', 'no-key', {}, { type: cloudInit, stringData: { other: 'x' } });
    await s.create('VirtualMachine', 'secret-no-key', machineSpec(['d6'], secretRef('no-key')));
    for (const disk of ['d7', 'd8', 'd9']) {
      await s.create('VirtualDisk', disk, diskSpec());
    }
    await s.create('VirtualMachine', 'ip-missing', machineSpec(['d7'], { virtualMachineIPAddressName: 'no-such-ip' }));
    await s.create('VirtualMachineIPAddress', 'fixed', { type: 'Static', staticIP: '10.66.20.17' });
    await s.create('VirtualMachine', 'ip-owner', machineSpec(['d8'], { virtualMachineIPAddressName: 'fixed' }));
    await s.until('VirtualMachine', 'ip-owner', isPhase('Running'));
    await s.create('VirtualMachine', 'ip-taken', machineSpec(['d9'], { virtualMachineIPAddressName: 'fixed' }));
    await s.until('VirtualMachine', 'ip-owner', hasAgent);
    await s.create('Secret', 'cloud-init', {}, { type: cloudInit, stringData: { userData: '#cloud-config' } });
    await s.until('VirtualMachine', 'secret-missing', isReason('AgentReady', 'AgentNotReady'));
    await s.delete('VirtualMachine', 'ip-owner');
    await s.untilGone('VirtualMachine', 'ip-owner');
    await s.until('VirtualMachine', 'secret-missing', hasAgent);
    await s.until('VirtualMachine', 'ip-taken', isReason('AgentReady', 'AgentNotReady'));
    await s.until('VirtualMachine', 'ip-taken', isPhase('Running'));
  },
};

/** A volume that cannot be attached, until it can. */
export const volumeErrors: Recorded = {
  tolerance: { flickers: ['BlockDevicesReady', 'InUse'] },
  play: async (s) => {
    await s.create('VirtualDisk', 'r', diskSpec());
    await s.create('VirtualMachine', 'stuck', machineSpec(['r']), { metadata: { annotations: { 'embedded.dvp-tools/lower': 'attach-error' } } });
    await s.until('VirtualMachine', 'stuck', isReason('Running', 'PodNotStarted'));
    await s.lower('VirtualMachine', 'stuck', null);
    await s.until('VirtualMachine', 'stuck', isPhase('Running'));
  },
};

/** A class that is deleted under a running machine: it runs on, but a restart becomes a stop. */
export const classTerminating: Recorded = {
  tolerance: { flickers: ['BlockDevicesReady', 'InUse'] },
  play: async (s) => {
    await s.createClass('temp', { cpu: { type: 'Model', model: 'Nehalem' }, nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] }, sizingPolicies: [{ cores: { min: 1, max: 8 } }] });
    await s.create('VirtualDisk', 'web-root', diskSpec());
    await s.create('VirtualMachine', 'web', machineSpec(['web-root'], { virtualMachineClassName: 'temp' }));
    await s.until('VirtualMachine', 'web', isPhase('Running'));
    await s.pass(1000);
    await s.delete('VirtualMachineClass', 'temp');
    await s.until('VirtualMachine', 'web', hasAgent);
    await s.pass(700);
    await s.patch('VirtualMachine', 'web', { spec: { cpu: { cores: 3 } } });
    await s.create('VirtualMachineOperation', 'web-restart', { type: 'Restart', virtualMachineName: 'web' });
    await s.until('VirtualMachine', 'web', isCleared);
    await s.pass(8000);
    await s.delete('VirtualMachine', 'web');
    await s.untilGone('VirtualMachine', 'web');
    await s.untilGone('VirtualMachineClass', 'temp');
    await s.until('VirtualMachineOperation', 'web-restart', isPhase('Failed'));
  },
};
