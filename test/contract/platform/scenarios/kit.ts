import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import type { Tolerance } from '../compare';
import type { Scenario } from '../scenario';

export interface Recorded {
  /** What the user of the recording did, and what the layer below was told to do. */
  readonly play: (s: Scenario) => Promise<void>;
  readonly tolerance?: Tolerance;
  /** Whether the class `generic` is there beforehand; default true. */
  readonly genericClass?: boolean;
}

export const isPhase = (phase: string) => (object: KubeObject) => phaseOf(object) === phase;
export const hasAgent = (machine: KubeObject) => phaseOf(machine) === 'Running' && conditionOf(machine, 'AgentReady')?.status === 'True';
export const isReason = (type: string, reason: string) => (object: KubeObject) => conditionOf(object, type)?.reason === reason;

/** The instance of a stopped machine has been cleared away: its devices are no longer attached. */
export const isCleared = (machine: KubeObject) => JSON.stringify(machine.status).includes('"requestedCores":0');

/** Creates an operation and waits until it has completed. */
export async function operate(s: Scenario, name: string, machine: string, type: string, more: object = {}): Promise<void> {
  await s.create('VirtualMachineOperation', name, { type, virtualMachineName: machine, ...more });
  await s.until('VirtualMachineOperation', name, isPhase('Completed'));
}
