import { diskSpec, machineSpec } from '../scenario';
import { hasAgent, isPhase, operate, type Recorded } from './kit';

/** A migration and a forced eviction, both to the end. */
export const migrateSuccess: Recorded = {
  tolerance: { passing: [['True/InProgress', 'False/Pending', null]] },
  play: async (s) => {
    await s.create('VirtualDisk', 'db-root', diskSpec());
    await s.create('VirtualMachine', 'db', machineSpec(['db-root']));
    await s.until('VirtualMachine', 'db', hasAgent);
    await operate(s, 'db-migrate', 'db', 'Migrate');
    await s.until('VirtualMachine', 'db', isPhase('Running'));
    await s.pass(3000);
    await operate(s, 'db-evict-force', 'db', 'Evict', { force: true });
    await s.until('VirtualMachine', 'db', isPhase('Running'));
  },
};
