import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Context, Controller, NewEvent, Step } from '../controller';
import { addressUidLabel, machineUidLabel } from '../indexes';
import { conditionsAfter, hasFinalizer, isDeleting, no, statusOf, uidOf, withFinalizer, yes, type Verdict } from '../objects';
import { freeAddress } from './addressPool';

const by = 'vmip-controller';
const order = ['Bound', 'Attached'];

/** Addresses: each gets a lease, and is attached to the machine that uses it. */
export const virtualMachineIPAddress: Controller = {
  kind: 'VirtualMachineIPAddress',
  reconcile(address, context) {
    const user = userOf(address, context);
    if (isDeleting(address)) {
      return deletion(address, user, context);
    }
    if (isOrphan(address, context)) {
      return { remove: [address] };
    }
    const lease = leaseOf(address, context);
    if (!lease) {
      return lend(address, user, context);
    }
    if (!hasFinalizer(address, 'vmip-cleanup')) {
      return { metadata: withFinalizer(address, 'vmip-cleanup', true) };
    }
    return phaseOf(lease) === 'Bound' ? settle(address, lease, user, context) : undefined;
  },
};

/** Its machine is gone: nobody else collects it. */
function isOrphan(address: KubeObject, context: Context): boolean {
  const uid = address.metadata.labels?.[machineUidLabel];
  const isOwned = address.metadata.ownerReferences?.some((owner) => owner.kind === 'VirtualMachine' && owner.uid === uid) ?? false;
  return isOwned && uid !== undefined && [...context.known.by(`uid:${uid}`)].length === 0;
}

/** The machine that uses an address: the one it was made for, or the first that names it. */
function userOf(address: KubeObject, context: Context): KubeObject | undefined {
  const uid = address.metadata.labels?.[machineUidLabel];
  const { namespace = '', name } = address.metadata;
  const machines = [...(uid ? context.known.by(`uid:${uid}`) : []), ...context.known.by(`machine of address:${namespace}/${name}`)].filter((machine) => !isLettingGo(machine, context));
  const current = stringAt(address, 'status.virtualMachineName');
  if (current && context.known.get('VirtualMachine', current, namespace) && !machines.some((machine) => machine.metadata.name === current)) {
    // It has let go and is not gone yet: nobody else gets the address before that.
    return undefined;
  }
  return machines.find((machine) => machine.metadata.name === current) ?? machines[0];
}

/** A machine that is being deleted keeps its address until its instance is gone. */
function isLettingGo(machine: KubeObject, context: Context): boolean {
  return isDeleting(machine) && context.lower.machine(machine).instance === undefined;
}

function leaseOf(address: KubeObject, context: Context): KubeObject | undefined {
  return [...context.known.by(`lease of address:${uidOf(address)}`)][0];
}

/** The first write: a lease, and a status that says so. */
function lend(address: KubeObject, user: KubeObject | undefined, context: Context): Step | undefined {
  const ip = stringAt(address, 'spec.staticIP') ?? freeAddress(context);
  const name = leaseName(ip);
  const old = context.known.get('VirtualMachineIPAddressLease', name);
  const namespace = address.metadata.namespace ?? '';
  if (old) {
    return reclaim(address, old, ip, context);
  }
  const message = `The VirtualMachineIPAddressLease for the ip address "${ip}" has been created.`;
  return {
    create: [{
      apiVersion: address.apiVersion, kind: 'VirtualMachineIPAddressLease',
      metadata: { name, labels: { [addressUidLabel]: uidOf(address) } },
      spec: { virtualMachineIPAddressRef: { name: address.metadata.name, namespace } },
    }],
    status: addressStatus(address, no('VirtualMachineIPAddressLeaseNotReady', message), user, 'Pending', undefined, context),
    events: [{ by, type: 'Normal', reason: 'Bound', message }],
  };
}

/** A lease that was released goes back to its namespace at once; another namespace's is not given. */
function reclaim(address: KubeObject, lease: KubeObject, ip: string, context: Context): Step | undefined {
  const namespace = stringAt(lease, 'spec.virtualMachineIPAddressRef.namespace');
  if (phaseOf(lease) !== 'Released' || namespace !== address.metadata.namespace) {
    const message = `The VirtualMachineIPAddressLease "${lease.metadata.name}" belongs to a different namespace.`;
    const verdict = no('VirtualMachineIPAddressLeaseNotReady', message);
    return conditionOf(address, 'Bound')?.message === message ? undefined : {
      status: addressStatus(address, verdict, userOf(address, context), 'Pending', ip, context),
      events: [{ by, type: 'Warning', reason: 'VirtualMachineIPAddressLeaseAlreadyExists', message }],
    };
  }
  context.memory.claims.set(lease.metadata.name, address);
  return { then: () => context.lower.onDidChange({ kind: lease.kind, name: lease.metadata.name }) };
}

function settle(address: KubeObject, lease: KubeObject, user: KubeObject | undefined, context: Context): Step | undefined {
  const wasUsed = stringAt(address, 'status.virtualMachineName');
  const phase = user ? 'Attached' : 'Bound';
  const events: NewEvent[] = [];
  if (user && (phaseOf(address) !== 'Attached' || wasUsed !== user.metadata.name)) {
    events.push({ by, type: 'Normal', reason: 'Attached', message: `VirtualMachineIPAddress is attached to "${user.metadata.namespace}/${user.metadata.name}".` });
  } else if (!user && phaseOf(address) !== 'Bound') {
    events.push({ by, type: 'Normal', reason: 'Bound', message: 'VirtualMachineIPAddress is bound.' }, notAttachedEvent);
  }
  return { status: addressStatus(address, yes('Bound'), user, phase, addressOfLease(lease), context), events: events.length > 0 ? events : [] };
}

const notAttached = 'VirtualMachineIPAddress is not attached to any virtual machine.';
const notAttachedEvent: NewEvent = { by, type: 'Warning', reason: 'NotAttached', message: notAttached };

function addressStatus(address: KubeObject, bound: Verdict, user: KubeObject | undefined, phase: string, ip: string | undefined, context: Context) {
  const conditions = { Bound: bound, Attached: user ? yes('Attached') : no('VirtualMachineNotFound', notAttached) };
  return {
    ...statusOf(address), phase, observedGeneration: address.metadata.generation ?? 1, virtualMachineName: user?.metadata.name,
    ...(ip === undefined ? {} : { address: ip }), conditions: conditionsAfter(address, conditions, order, context.clock.now()),
  };
}

/** An address that is in use waits; then its lease is released and it goes. */
function deletion(address: KubeObject, user: KubeObject | undefined, context: Context): Step | undefined {
  const lease = leaseOf(address, context);
  if (user || !hasFinalizer(address, 'vmip-cleanup')) {
    return undefined;
  }
  if (stringAt(address, 'status.virtualMachineName') !== undefined && lease) {
    return settle(address, lease, undefined, context);
  }
  return { metadata: withFinalizer(address, 'vmip-cleanup', false) };
}

export function leaseName(ip: string): string {
  return `ip-${ip.replaceAll('.', '-')}`;
}

function addressOfLease(lease: KubeObject): string {
  return lease.metadata.name.replace(/^ip-/, '').replaceAll('-', '.');
}
