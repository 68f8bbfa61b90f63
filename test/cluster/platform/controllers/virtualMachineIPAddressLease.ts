import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Context, Controller, Step } from '../controller';
import { addressUidLabel } from '../indexes';
import { conditionsAfter, hasFinalizer, isDeleting, no, uidOf, withFinalizer, yes, type Verdict } from '../objects';

/** How long a released lease is kept for its namespace (recorded: exactly ten minutes). */
const keptMs = 10 * 60_000;

/** Leases: bound while their address exists, released afterwards, gone ten minutes later. */
export const virtualMachineIPAddressLease: Controller = {
  kind: 'VirtualMachineIPAddressLease',
  reconcile(lease, context) {
    if (isDeleting(lease)) {
      return hasFinalizer(lease, 'vmipl-cleanup') ? { metadata: withFinalizer(lease, 'vmipl-cleanup', false) } : undefined;
    }
    const claimant = context.memory.claims.get(lease.metadata.name);
    if (claimant && phaseOf(lease) === 'Released') {
      return reclaimed(lease, claimant, context);
    }
    const { name, namespace } = { name: stringAt(lease, 'spec.virtualMachineIPAddressRef.name'), namespace: stringAt(lease, 'spec.virtualMachineIPAddressRef.namespace') };
    const address = name ? context.known.get('VirtualMachineIPAddress', name, namespace) : undefined;
    if (address) {
      return bound(lease, context);
    }
    if (phaseOf(lease) !== 'Released') {
      return { status: leaseStatus(lease, 'Released', no('Released', 'VirtualMachineIPAddressLease is not bound to any VirtualMachineIPAddress.'), context) };
    }
    return name ? released() : expired(lease, context);
  },
};

function bound(lease: KubeObject, context: Context): Step | undefined {
  if (phaseOf(lease) !== 'Bound') {
    return { status: leaseStatus(lease, 'Bound', yes('Bound'), context) };
  }
  return hasFinalizer(lease, 'vmipl-cleanup') ? undefined : { metadata: withFinalizer(lease, 'vmipl-cleanup', true) };
}

function released(): Step {
  return { patch: { metadata: { labels: { [addressUidLabel]: '' } }, spec: { virtualMachineIPAddressRef: { name: '' } } } };
}

function expired(lease: KubeObject, context: Context): Step | undefined {
  const since = Date.parse(conditionOf(lease, 'Bound')?.lastTransitionTime ?? '') || 0;
  const leftMs = since + keptMs - context.clock.now();
  return leftMs > 0 ? { againMs: leftMs } : { remove: [lease] };
}

function reclaimed(lease: KubeObject, address: KubeObject, context: Context): Step {
  return {
    patch: { metadata: { labels: { [addressUidLabel]: uidOf(address) } }, spec: { virtualMachineIPAddressRef: { name: address.metadata.name } } },
    then: () => context.memory.claims.delete(lease.metadata.name),
  };
}

function leaseStatus(lease: KubeObject, phase: string, verdict: Verdict, context: Context) {
  return { phase, observedGeneration: lease.metadata.generation ?? 1, conditions: conditionsAfter(lease, { Bound: verdict }, [], context.clock.now()) };
}
