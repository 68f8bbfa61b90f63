import { diskSpec, genericClass, machineSpec } from '../scenario';
import { hasAgent, isPhase, type Recorded } from './kit';

/** An image, a disk of it, an empty disk that waits for its machine, and the machine. */
export const quickStart: Recorded = {
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
};
