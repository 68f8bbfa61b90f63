import { conditionOf, phaseOf, type KubeObject } from '../../../src/domain/kubeObject';
import { numberAt } from '../../../src/domain/values';
import { isDeleting } from './objects';
import { plays } from './lower/annotation';

/** Phases in which something is on its way and has to go on when the platform half starts. */
const moving: Readonly<Record<string, readonly string[]>> = {
  VirtualMachine: ['Starting', 'Stopping', 'Migrating', 'Terminating'],
  VirtualDisk: ['Provisioning', 'Resizing', 'Terminating'],
  VirtualImage: ['Provisioning', 'Terminating'],
  ClusterVirtualImage: ['Provisioning', 'Terminating'],
  VirtualMachineOperation: ['Pending', 'InProgress', 'Terminating'],
};

/**
 * Whether an object that was there at the start needs no look: it has its status, and nothing about it is on its way.
 * So a prepared world of any size costs nothing, and stays as it was prepared until something that concerns it changes.
 */
export function isAtRest(object: KubeObject): boolean {
  const phase = phaseOf(object);
  const observed = numberAt(object, 'status.observedGeneration');
  const waitsForAgent = phase === 'Running' && conditionOf(object, 'AgentReady')?.status === 'False' && !plays(object, 'no-agent');
  return phase !== undefined && !isDeleting(object) && !waitsForAgent && !moving[object.kind]?.includes(phase) && (observed === undefined || observed === object.metadata.generation);
}

/** Whether an object must stay as it is whatever happens: a recorded state that no controller drives yet. */
export function isHeld(object: KubeObject): boolean {
  return plays(object, 'hold');
}
