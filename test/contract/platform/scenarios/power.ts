import assert from 'node:assert/strict';
import { diskSpec, machineSpec, type Scenario } from '../scenario';
import { hasAgent, isCleared, isPhase, operate, type Recorded } from './kit';

/** Stop, start and restart, soft and forced; guests that end by themselves; changes of the run policy. */
export const power: Recorded = {
  tolerance: { flickers: ['BlockDevicesReady', 'InUse'] },
  play: async (s) => {
    const running = () => s.until('VirtualMachine', 'app', isPhase('Running'));
    const cleared = () => s.until('VirtualMachine', 'app', isCleared);
    const runPolicy = (policy: string) => s.patch('VirtualMachine', 'app', { spec: { runPolicy: policy } });
    await s.create('VirtualDisk', 'app-root', diskSpec());
    await s.create('VirtualMachine', 'app', machineSpec(['app-root']));
    await s.until('VirtualMachine', 'app', hasAgent);
    await operate(s, 'app-stop', 'app', 'Stop');
    await cleared();
    await operate(s, 'app-start', 'app', 'Start');
    await s.pass(1000);
    await operate(s, 'app-restart', 'app', 'Restart');
    await s.pass(1000);
    await operate(s, 'app-restart-force', 'app', 'Restart', { force: true });
    await s.pass(1000);
    await operate(s, 'app-stop-force', 'app', 'Stop', { force: true });
    await operate(s, 'app-start-2', 'app', 'Start');
    s.guest('app', 'reset');
    await s.until('VirtualMachine', 'app', isPhase('Stopped'));
    await running();
    await s.pass(2000);
    s.guest('app', 'shutdown');
    await s.until('VirtualMachine', 'app', isPhase('Stopped'));
    await cleared();
    await runPolicy('AlwaysOn');
    await running();
    await s.pass(1000);
    s.guest('app', 'shutdown');
    await s.until('VirtualMachine', 'app', isPhase('Stopped'));
    await running();
    await s.pass(1000);
    await runPolicy('AlwaysOff');
    await s.until('VirtualMachine', 'app', isPhase('Stopped'));
    await cleared();
    await runPolicy('Manual');
    await s.pass(2000);
    await operate(s, 'app-start-3', 'app', 'Start');
  },
};

const refused = (s: Scenario, name: string, spec: object, why: RegExp) => assert.rejects(s.create('VirtualMachineOperation', name, { virtualMachineName: 'free', ...spec }), why);

/** Operations that do not fit the machine's policy or phase, that stand in each other's way, and a machine that goes. */
export const refusals: Recorded = {
  tolerance: { flickers: ['BlockDevicesReady', 'InUse'], goesOn: ['VirtualMachineIPAddress/of on', 'VirtualMachineIPAddressLease/of on'] },
  play: async (s) => {
    const ask = (name: string, machine: string, type: string, more: object = {}) => s.create('VirtualMachineOperation', name, { type, virtualMachineName: machine, ...more });
    const failed = async (name: string, machine: string, type: string, more: object = {}) => {
      await ask(name, machine, type, more);
      await s.until('VirtualMachineOperation', name, isPhase('Failed'));
    };
    for (const [name, runPolicy, phase] of [['on', 'AlwaysOn', 'Running'], ['free', 'AlwaysOnUnlessStoppedManually', 'Running'], ['man', 'Manual', 'Stopped'], ['off', 'AlwaysOff', 'Stopped']] as const) {
      await s.create('VirtualDisk', `${name}-root`, diskSpec());
      await s.create('VirtualMachine', name, machineSpec([`${name}-root`], { runPolicy }));
      await s.until('VirtualMachine', name, isPhase(phase));
    }
    await s.until('VirtualMachine', 'free', hasAgent);

    await failed('nobody-start', 'nobody', 'Start');
    for (const [machine, types] of [['on', ['Start', 'Stop']], ['off', ['Start', 'Stop', 'Restart', 'Migrate']], ['free', ['Start']], ['man', ['Stop', 'Restart', 'Migrate', 'Evict']]] as const) {
      for (const type of types) {
        await failed(`${machine}-${type.toLowerCase()}`, machine, type);
      }
    }
    await operate(s, 'man-start', 'man', 'Start');
    await refused(s, 'free-migrate-node', { type: 'Migrate', migrate: { nodeSelector: { 'kubernetes.io/hostname': 'worker-2' } } }, /not available in the Community Edition/);
    await s.patch('VirtualMachine', 'free', { spec: { liveMigrationPolicy: 'AlwaysSafe' } });
    await failed('free-migrate-force', 'free', 'Migrate', { force: true });
    await s.patch('VirtualMachine', 'free', { spec: { liveMigrationPolicy: 'AlwaysForced' } });
    await failed('free-evict-soft', 'free', 'Evict', { force: false });

    await s.lower('VirtualMachine', 'free', 'hangs');
    await ask('free-stop-1', 'free', 'Stop');
    await s.until('VirtualMachine', 'free', isPhase('Stopping'));
    await s.pass(1000);
    for (const type of ['Start', 'Stop', 'Restart']) {
      await refused(s, `free-${type.toLowerCase()}-2`, { type }, /Previously created operation "free-stop-1" should finish first/);
    }
    await ask('free-stop-3', 'free', 'Stop', { force: true });
    await s.until('VirtualMachine', 'man', hasAgent);
    await s.pass(1000);
    await s.lower('VirtualMachine', 'free', null);
    await s.until('VirtualMachineOperation', 'free-stop-3', isPhase('Completed'));
    await ask('free-start-4', 'free', 'Start');
    await s.pass(500);
    await failed('free-stop-4', 'free', 'Stop');
    await s.until('VirtualMachine', 'free', isCleared);
    await ask('free-start-5', 'free', 'Start');
    await s.until('VirtualMachine', 'free', isPhase('Starting'));
    await s.delete('VirtualMachineOperation', 'free-start-5');
    await s.untilGone('VirtualMachineOperation', 'free-start-5');
    await s.delete('VirtualMachine', 'on');
    await s.until('VirtualMachine', 'on', isPhase('Terminating'));
    await failed('on-restart-late', 'on', 'Restart');
    await s.until('VirtualMachine', 'free', hasAgent);
    await s.untilGone('VirtualMachine', 'on');
  },
};
