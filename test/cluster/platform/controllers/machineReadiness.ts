import { conditionOf, isRecord, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { listAt, numberAt, stringAt } from '../../../../src/domain/values';
import type { Known } from '../known';
import { devicesOf, secretOf, type Device } from '../indexes';
import { isDeleting, no, uidOf, yes, type ConditionChanges, type Verdict } from '../objects';

/** Whether what a machine depends on is there; `null` in `conditions` where an absent condition is the good one. */
export interface Readiness {
  readonly conditions: ConditionChanges;
  readonly canStart: boolean;
  /** All is there, but for the mark on its disks that it has them. */
  readonly isComplete: boolean;
  /** The address object it uses, once there is one. */
  readonly address: KubeObject | undefined;
}

/** `wanted`: the machine should run, so its disks have to be marked as taken by it. */
export function readinessOf(machine: KubeObject, known: Known, wanted: boolean): Readiness {
  const address = addressOf(machine, known);
  const verdicts = {
    VirtualMachineClassReady: classVerdict(machine, known),
    VirtualMachineIPAddressReady: addressVerdict(machine, address),
    BlockDevicesReady: devicesVerdict(machine, known, wanted),
    ProvisioningReady: provisioningVerdict(machine, known),
  };
  const sizing = sizingVerdict(machine, known);
  const canStart = !sizing && Object.values(verdicts).every(({ status, reason }) => status === 'True' || reason === waitsForConsumer);
  const isComplete = canStart || (!sizing && Object.entries(verdicts).every(([type, { status, reason }]) => status === 'True' || reason === waitsForConsumer || (type === 'BlockDevicesReady' && devicesVerdict(machine, known, false).status === 'True')));
  return { conditions: { ...verdicts, SizingPolicyMatched: sizing }, canStart, isComplete, address };
}

export const waitsForConsumer = 'WaitingForWaitForFirstConsumerBlockDevicesToBeReady';

/** The address that a machine names, or the one that was made for it. */
export function addressOf(machine: KubeObject, known: Known): KubeObject | undefined {
  const name = stringAt(machine, 'spec.virtualMachineIPAddressName');
  return name ? known.get('VirtualMachineIPAddress', name, machine.metadata.namespace) : [...known.by(`address of machine:${uidOf(machine)}`)][0];
}

function classOf(machine: KubeObject, known: Known): { readonly name: string; readonly object: KubeObject | undefined } {
  const name = stringAt(machine, 'spec.virtualMachineClassName') ?? '';
  return { name, object: known.get('VirtualMachineClass', name) };
}

const classMissing = (name: string) => `VirtualMachineClass "${name}" not found. Specify an existing VirtualMachineClass in spec.virtualMachineClassName.`;

function classVerdict(machine: KubeObject, known: Known): Verdict {
  const { name, object } = classOf(machine, known);
  if (!object) {
    return no('VirtualMachineClassNotReady', classMissing(name));
  }
  return phaseOf(object) === 'Ready' && !isDeleting(object) ? yes('VirtualMachineClassReady') : no('VirtualMachineClassNotReady', `VirtualMachineClass "${name}" is not ready yet.`);
}

function sizingVerdict(machine: KubeObject, known: Known): Verdict | null {
  const { name, object } = classOf(machine, known);
  if (!object) {
    return no('VirtualMachineClassNotFound', classMissing(name));
  }
  if (isDeleting(object)) {
    return no('VirtualMachineClassTerminating', `VirtualMachineClass "${name}" is terminating.`);
  }
  const cores = numberAt(machine, 'spec.cpu.cores') ?? 1;
  const ranges = listAt(object, 'spec.sizingPolicies').map((policy) => ({ min: numberAt(policy, 'cores.min') ?? 1, max: numberAt(policy, 'cores.max') ?? Number.POSITIVE_INFINITY }));
  if (ranges.length === 0 || ranges.some(({ min, max }) => min <= cores && cores <= max)) {
    return null;
  }
  return no('SizingPolicyNotMatched', `The VirtualMachine does not match any sizing policy of VirtualMachineClass "${name}": its ${cores} CPU core(s) fall outside the allowed ranges (${ranges.map(({ min, max }) => `${min}-${max}`).join(', ')}); set the number of cores (spec.cpu.cores) accordingly.`);
}

function addressVerdict(machine: KubeObject, address: KubeObject | undefined): Verdict {
  const named = stringAt(machine, 'spec.virtualMachineIPAddressName');
  if (!address) {
    return no('VirtualMachineIPAddressNotReady', named
      ? `The requested VirtualMachineIPAddress "${named}" was not found: waiting for it to appear.`
      : `VirtualMachineIPAddress "${machine.metadata.name}" was not found: it may be in the process of being created.`);
  }
  const user = stringAt(address, 'status.virtualMachineName');
  if (named && user && user !== machine.metadata.name) {
    return no('VirtualMachineIPAddressNotReady', `The requested VirtualMachineIPAddress "${named}" is attached to VirtualMachine "${user}": waiting for it to be released.`);
  }
  if (conditionOf(address, 'Bound')?.status !== 'True' || (named && user === undefined)) {
    return no('VirtualMachineIPAddressNotReady', 'The IP address is not bound yet: waiting for it to be assigned.');
  }
  return yes('VirtualMachineIPAddressReady');
}

/** The keys and the type of the Secret by where it is named (facts 9.1). */
const secretKinds = {
  userDataRef: { type: 'provisioning.virtualization.deckhouse.io/cloud-init', keys: ['userdata', 'userData'] },
  sysprepRef: { type: 'provisioning.virtualization.deckhouse.io/sysprep', keys: ['autounattend.xml', 'unattend.xml'] },
} as const;

function provisioningVerdict(machine: KubeObject, known: Known): Verdict {
  const name = secretOf(machine);
  if (name === undefined) {
    return yes('ProvisioningReady');
  }
  const place = `${machine.metadata.namespace}/${name}`;
  const secret = known.get('Secret', name, machine.metadata.namespace);
  if (!secret) {
    return no('ProvisioningNotReady', `Secret ${place} not found`);
  }
  const { type, keys } = secretKinds[stringAt(machine, 'spec.provisioning.userDataRef.name') ? 'userDataRef' : 'sysprepRef'];
  if (secret['type'] !== type) {
    return no('ProvisioningNotReady', `Unexpected secret type: ${String(secret['type'])}`);
  }
  const data = isRecord(secret['data']) ? secret['data'] : {};
  if (!keys.some((key) => Object.keys(data).some((present) => present.toLowerCase() === key.toLowerCase()))) {
    return no('ProvisioningNotReady', `Invalid secret "${place}": the secret should have one of data fields [${keys.join(' ')}]: secret is not valid`);
  }
  return yes('ProvisioningReady');
}

type DeviceState = 'ready' | 'missing' | 'notReady' | 'provisioning' | 'waitsForConsumer' | 'terminating' | 'taken' | 'notMarked';

/** One block device as its machine sees it. */
function deviceState(device: Device, machine: KubeObject, known: Known): DeviceState {
  const object = known.get(device.kind, device.name, device.kind === 'ClusterVirtualImage' ? undefined : machine.metadata.namespace);
  if (!object) {
    return 'missing';
  }
  const phase = phaseOf(object);
  if (device.kind !== 'VirtualDisk') {
    return phase === 'Ready' ? 'ready' : 'notReady';
  }
  if (isDeleting(object)) {
    return 'terminating';
  }
  if (phase === 'WaitForFirstConsumer') {
    return 'waitsForConsumer';
  }
  if (phase !== 'Ready' && phase !== 'Resizing' && phase !== 'Migrating') {
    return 'provisioning';
  }
  const users = listAt(object, 'status.attachedToVirtualMachines').filter(isRecord).filter((user) => user['mounted'] === true);
  return users.some((user) => user['name'] === machine.metadata.name) ? 'ready' : users.length > 0 ? 'taken' : 'notMarked';
}

function devicesVerdict(machine: KubeObject, known: Known, wanted: boolean): Verdict {
  const devices = devicesOf(machine).map((device) => ({ ...device, state: deviceState(device, machine, known) }));
  const marked = (state: DeviceState) => state === 'ready' || (state === 'notMarked' && !wanted);
  const there = devices.filter(({ state }) => marked(state) || state === 'taken' || state === 'notMarked');
  const usable = devices.filter(({ state }) => marked(state));
  if (usable.length === devices.length) {
    return yes('BlockDevicesReady');
  }
  if (there.length === devices.length) {
    const taken = devices.filter(({ state }) => state === 'taken').length;
    const suffix = taken > 0 && devices.length > 1 ? `; Virtual disks ${taken}/${devices.length} are in use by another VM` : taken > 0 ? `; Virtual disk "${devices[0]?.name}" is in use by another VM` : '';
    return no('BlockDevicesNotReady', `${subject(devices, usable.length, 'ready to use')}${suffix}.`);
  }
  const waiting = devices.find(({ state }) => state === 'provisioning' || state === 'waitsForConsumer');
  const terminating = devices.find(({ state }) => state === 'terminating');
  const suffix = terminating ? `; Virtual disk ${terminating.name} is terminating` : waiting ? `; Virtual disk "${waiting.name}" is waiting for its storage to be provisioned` : '';
  const onlyConsumer = devices.every(({ state }) => marked(state) || state === 'waitsForConsumer');
  return no(onlyConsumer ? waitsForConsumer : 'BlockDevicesNotReady', `${subject(devices, there.length, 'ready')}${suffix}.`);
}

function subject(devices: readonly Device[], ready: number, what: string): string {
  return devices.length === 1 ? `Waiting for block device "${devices[0]?.name}" to be ${what}` : `Waiting for block devices to be ${what}: ${ready}/${devices.length}`;
}

