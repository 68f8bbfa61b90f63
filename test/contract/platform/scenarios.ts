import { conditionOf, phaseOf, type KubeObject } from '../../../src/domain/kubeObject';
import type { Tolerance } from './compare';
import { diskSpec, genericClass, machineSpec, type Scenario } from './scenario';

interface Recorded {
  /** What the user of the recording did, and what the layer below was told to do. */
  readonly play: (s: Scenario) => Promise<void>;
  readonly tolerance?: Tolerance;
  /** Whether the class `generic` is there beforehand; default true. */
  readonly genericClass?: boolean;
}

export const isPhase = (phase: string) => (object: KubeObject) => phaseOf(object) === phase;
export const hasAgent = (machine: KubeObject) => phaseOf(machine) === 'Running' && conditionOf(machine, 'AgentReady')?.status === 'True';

/** By the recording's name. */
export const scenarios: Readonly<Record<string, Recorded>> = {
  '01-quick-start': {
    genericClass: false,
    play: async (s) => {
      await s.createClass('generic', genericClass);
      await s.until('VirtualMachineClass', 'generic', isPhase('Ready'));
      await s.create('VirtualImage', 'ubuntu', { storage: 'ContainerRegistry', dataSource: { type: 'HTTP', http: { url: 'https://images.example.invalid/ubuntu.qcow2' } } });
      await s.until('VirtualImage', 'ubuntu', isPhase('Ready'));
      await s.create('VirtualDisk', 'web-root', diskSpec('10Gi', 'shared-rwx', { dataSource: { type: 'ObjectRef', objectRef: { kind: 'VirtualImage', name: 'ubuntu' } } }));
      await s.until('VirtualDisk', 'web-root', isPhase('Ready'));
      await s.create('VirtualDisk', 'web-data', diskSpec('5Gi', 'shared-wffc'));
      await s.until('VirtualDisk', 'web-data', isPhase('WaitForFirstConsumer'));
      await s.create('VirtualMachine', 'web', machineSpec(['web-root', 'web-data'], { provisioning: { type: 'UserData', userData: '#cloud-config\n' } }));
      await s.until('VirtualMachine', 'web', hasAgent);
    },
  },
};
