import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { conditionOf, phaseOf } from '../../../src/domain/kubeObject';
import type { Guest } from '../../cluster/platform/lower/guest';
import type { GuestDisk, GuestEnd, Hypervisor, RealGuest } from '../../cluster/platform/lower/hypervisor';
import { startCluster, type Cluster } from '../../cluster/start';
import { isPhase, operate } from './scenarios/kit';
import { diskSpec, machineSpec, Scenario } from './scenario';

/** A real guest as far as the layer below can tell, obeying the test. */
class FakeGuest implements RealGuest {
  readonly did: string[] = [];
  readonly disks: readonly GuestDisk[];
  readonly started: Promise<void>;
  guest: Guest | undefined;
  onDidEnd: (how: GuestEnd) => void = () => undefined;
  isDeaf = false;
  start: () => void = () => undefined;
  fail: () => void = () => undefined;

  constructor(disks: readonly GuestDisk[]) {
    this.disks = disks;
    this.started = new Promise((resolve, reject) => {
      this.start = () => {
        this.guest = { kind: 'qemu', serial: () => new PassThrough() };
        resolve();
      };
      this.fail = () => {
        reject(new Error('no memory'));
        this.onDidEnd('crash');
      };
    });
  }

  shutDown(): void {
    this.did.push('shutDown');
    if (!this.isDeaf) {
      this.onDidEnd('shutdown');
    }
  }

  kill(): void {
    this.did.push('kill');
    this.onDidEnd('stop');
  }

  plug({ sizeBytes }: GuestDisk): Promise<void> {
    this.did.push(`plug ${sizeBytes / 2 ** 30}Gi`);
    return Promise.resolve();
  }

  unplug(): Promise<void> {
    this.did.push('unplug');
    return Promise.resolve();
  }
}

class FakeHypervisor implements Hypervisor {
  readonly guests: FakeGuest[] = [];
  isDisposed = false;
  /** What becomes of the next guest. */
  next: 'start' | 'fail' | 'wait' = 'start';

  get last(): FakeGuest {
    return this.guests.at(-1)!;
  }

  start(_machine: unknown, disks: readonly GuestDisk[]): RealGuest {
    const guest = new FakeGuest(disks);
    this.guests.push(guest);
    const now = this.next;
    this.next = 'start';
    if (now !== 'wait') {
      // The caller listens only afterwards.
      queueMicrotask(() => guest[now]());
    }
    return guest;
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

describe('machines whose guests are real', () => {
  let cluster: Cluster;
  let s: Scenario;
  const hypervisor = new FakeHypervisor();
  const machine = () => s.object('VirtualMachine', 'vm')!;
  const until = (phase: string) => s.until('VirtualMachine', 'vm', isPhase(phase));
  const label = () => machine().metadata.annotations?.['embedded.dvp-tools/guest'];

  before(async () => {
    cluster = await startCluster({ world: 'empty', platform: false });
    s = await Scenario.start(cluster, 'team-real', '1.10', { hypervisor });
    await s.furnish({ genericClass: true });
    await s.create('VirtualDisk', 'root', diskSpec());
    hypervisor.next = 'wait';
    await s.create('VirtualMachine', 'vm', machineSpec(['root']));
  });

  after(async () => {
    await s?.stop();
    await cluster?.stop();
  });

  it('run when the guest does, are labelled, and do not claim an agent', async () => {
    await s.untilAll(() => hypervisor.guests.length === 1, () => 'no guest was started');
    await s.pass(60_000);
    assert.equal(phaseOf(machine()), 'Starting');
    hypervisor.last.start();
    await until('Running');
    await s.untilAll(() => label() === 'qemu', () => 'not labelled');
    await s.pass(60_000);
    assert.equal(conditionOf(machine(), 'AgentReady')?.status, 'False');
    assert.deepEqual(hypervisor.last.disks.map(({ sizeBytes }) => sizeBytes), [10 * 2 ** 30]);
  });

  it('get disks that are attached, and lose them', async () => {
    await s.create('VirtualDisk', 'extra', diskSpec('1Gi'));
    await s.create('VirtualMachineBlockDeviceAttachment', 'extra', { virtualMachineName: 'vm', blockDeviceRef: { kind: 'VirtualDisk', name: 'extra' } });
    await s.until('VirtualMachineBlockDeviceAttachment', 'extra', isPhase('Attached'));
    await s.delete('VirtualMachineBlockDeviceAttachment', 'extra');
    await s.untilGone('VirtualMachineBlockDeviceAttachment', 'extra');
    assert.deepEqual(hypervisor.last.did, ['plug 1Gi', 'unplug']);
  });

  it('stop when their guest has shut down, and are no longer labelled', async () => {
    await operate(s, 'stop', 'vm', 'Stop');
    assert.deepEqual(hypervisor.last.did.slice(2), ['shutDown']);
    assert.equal(label(), undefined);
  });

  it('are killed at the end of the grace period, or at once by force', async () => {
    await operate(s, 'start', 'vm', 'Start');
    hypervisor.last.isDeaf = true;
    await s.create('VirtualMachineOperation', 'slow', { type: 'Stop', virtualMachineName: 'vm' });
    await s.pass(50_000);
    assert.equal(phaseOf(machine()), 'Stopping');
    await s.until('VirtualMachineOperation', 'slow', isPhase('Completed'));
    assert.deepEqual(hypervisor.last.did, ['shutDown', 'kill']);
    await operate(s, 'start-again', 'vm', 'Start');
    await operate(s, 'force', 'vm', 'Stop', { force: true });
    assert.deepEqual(hypervisor.last.did, ['kill']);
  });

  for (const how of ['reset', 'crash'] as const) {
    it(`start anew after a ${how} inside`, async () => {
      if (phaseOf(machine()) !== 'Running') {
        await operate(s, `start-${how}`, 'vm', 'Start');
      }
      const count = hypervisor.guests.length;
      hypervisor.last.onDidEnd(how);
      await until('Stopped');
      await until('Running');
      assert.equal(hypervisor.guests.length, count + 1);
    });
  }

  it('start anew when their guest could not be started', async () => {
    const count = hypervisor.guests.length;
    hypervisor.next = 'fail';
    await operate(s, 'restart', 'vm', 'Restart');
    assert.equal(hypervisor.guests.length, count + 2);
  });

  it('stay off when their guest shuts itself down', async () => {
    hypervisor.last.onDidEnd('shutdown');
    await until('Stopped');
    await s.pass(60_000);
    assert.equal(phaseOf(machine()), 'Stopped');
  });

  it('end with the platform', async () => {
    assert.deepEqual(s.log, []);
    await s.stop();
    assert.equal(hypervisor.isDisposed, true);
  });
});
