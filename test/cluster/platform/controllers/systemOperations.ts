import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { platformGroup } from '../../../../src/domain/kind';
import { stringAt } from '../../../../src/domain/values';
import type { Context, NewObject, Step } from '../controller';
import { isFinal } from '../dependents';
import { plays } from '../lower/annotation';
import type { InternalMachine } from '../lower/lower';
import { finalizer } from '../objects';

/** The finalizer by which whoever deletes an evacuation also ends the wish to move the machine. */
export const evacuationFinalizer = 'vmop-protection-by-evacuation-controller';

/** After an evacuation that failed, until the next is tried. */
const retryMs = 30_000;

/** Migrations that the platform begins by itself, by the first part of their names (facts 5.4): the word that provokes one, and its annotation. */
const updates = [
  { word: 'firmware-update', prefix: 'firmware-update-', annotation: 'workload-update' },
  { word: 'nodeplacement-update', prefix: 'nodeplacement-update-', annotation: 'workload-update' },
  { word: 'hotplug-resources', prefix: 'hotplug-resources-', annotation: 'workload-update' },
  { word: 'volume-migration', prefix: 'volume-migration-', annotation: 'volume-migration' },
] as const;

/** The eviction that the platform itself asks for: because the node of a machine is drained, or something in it has to be renewed. */
export function systemOperation(machine: KubeObject, internal: InternalMachine, context: Context): Step | undefined {
  if (phaseOf(machine) !== 'Running' || internal.instance?.stage !== 'running' || conditionOf(machine, 'Migratable')?.status !== 'True') {
    return undefined;
  }
  const operations = [...context.known.by(`operation of machine:${machine.metadata.namespace}/${machine.metadata.name}`)];
  if (operations.some((operation) => !isFinal(operation))) {
    return undefined;
  }
  if (internal.isEvacuating) {
    const againMs = Math.max(...operations.filter(isEvacuation).map(endOf)) + retryMs - context.clock.now();
    return againMs > 0 ? { againMs } : { create: [eviction(machine, 'evacuation-', 'evacuation', [finalizer(evacuationFinalizer)])] };
  }
  const update = updates.find(({ word, prefix }) => plays(machine, word) && !operations.some(({ metadata }) => metadata.name.startsWith(prefix)));
  return update && { create: [eviction(machine, update.prefix, update.annotation)] };
}

function isEvacuation({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[`${platformGroup}/evacuation`] === 'true';
}

/** When a failed operation failed, in epoch milliseconds; long ago for others. */
function endOf(operation: KubeObject): number {
  return phaseOf(operation) === 'Failed' ? Date.parse(conditionOf(operation, 'Completed')?.lastTransitionTime ?? '') : -Infinity;
}

function eviction(machine: KubeObject, prefix: string, annotation: string, finalizers?: readonly string[]): NewObject {
  return {
    apiVersion: machine.apiVersion, kind: 'VirtualMachineOperation',
    metadata: {
      generateName: prefix, namespace: stringAt(machine, 'metadata.namespace'), annotations: { [`${platformGroup}/${annotation}`]: 'true' },
      ...(finalizers ? { finalizers } : {}),
    },
    spec: { type: 'Evict', virtualMachineName: machine.metadata.name },
  };
}
