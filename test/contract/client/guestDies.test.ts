import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { KubeApi } from '../../../src/cluster/api';
import { openChannelIf, probe, uidOf } from '../../../src/cluster/channel';
import { ConsoleLink, type LinkState } from '../../../src/cluster/consoleLink';
import { phaseOf } from '../../../src/domain/kubeObject';
import { startPlatform, type Platform } from '../../cluster/platform/index';
import type { Hypervisor, RealGuest } from '../../cluster/platform/lower/hypervisor';
import { humanTiming, scaled } from '../../cluster/platform/lower/timing';
import { startSite, type Site } from './site';
import { until } from '../../until';

const name = 'ledger-01';

/** A process with a guest in it: both of its streams greet, and go with it. */
class GuestProcess implements RealGuest {
  readonly #streams: Duplex[] = [];
  readonly started = Promise.resolve();
  readonly guest = { kind: 'qemu', serial: () => this.#stream('login: '), screen: () => this.#stream('RFB 003.008\n') } as const;
  onDidEnd: RealGuest['onDidEnd'] = () => undefined;

  /** As when somebody kills it. */
  die(): void {
    this.#streams.splice(0).forEach((stream) => stream.destroy());
    this.onDidEnd('crash');
  }

  shutDown(): void {
    this.onDidEnd('shutdown');
  }

  kill(): void {
    this.onDidEnd('stop');
  }

  plug(): Promise<void> {
    return Promise.resolve();
  }

  unplug(): Promise<void> {
    return Promise.resolve();
  }

  #stream(greeting: string): Duplex {
    const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    stream.push(greeting);
    this.#streams.push(stream);
    return stream;
  }
}

describe('the process of a guest dies', () => {
  let site: Site;
  let platform: Platform;
  let api: KubeApi;
  const processes: GuestProcess[] = [];
  const ends: (() => void)[] = [];
  const machine = () => platform.known.get('VirtualMachine', name, 'billing');
  const isRunning = () => {
    const object = machine();
    return object !== undefined && phaseOf(object) === 'Running';
  };
  const hypervisor: Hypervisor = {
    start: (machine) => {
      if (machine.metadata.name !== name) {
        return undefined;
      }
      const process = new GuestProcess();
      processes.push(process);
      return process;
    },
    dispose: () => Promise.resolve(),
  };

  before(async () => {
    site = await startSite('own', { world: 'company' });
    platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', hasProbe: true, timing: scaled(humanTiming, 0.2), hypervisor });
    api = site.api(await site.context());
    // What ran before the platform came has no process of its own.
    await site.cluster.admin.do('POST', '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachineoperations', {
      apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name: 'guest-dies' }, spec: { type: 'Restart', virtualMachineName: name, force: true },
    });
    await until(() => processes.length > 0, 'it has a process');
    await until(isRunning, 'it runs');
  });
  after(async () => {
    ends.forEach((end) => end());
    await platform?.stop();
    await site?.stop();
  });

  /** As a panel has it. */
  function open(stream: 'console' | 'vnc') {
    const target = { namespace: 'billing', name, stream };
    const link = new ConsoleLink({
      log: () => undefined, self: () => Promise.resolve('token'),
      open: (signal, mayTake) => openChannelIf(api, target, { userAgent: 'test/1', signal }, mayTake), probe: (signal) => probe(api, target, signal), identify: (signal) => uidOf(api, target, signal),
    });
    const seen = { text: '' };
    const states: LinkState[] = [];
    link.onData((bytes) => { seen.text += bytes.toString(); });
    link.onDidChangeState((state) => states.push(state));
    const tell = () => {
      const object = machine();
      link.setMachine(object ? { uid: object.metadata.uid ?? '', phase: phaseOf(object) } : null);
    };
    tell();
    const timer = setInterval(tell, 20);
    link.connect();
    ends.push(() => {
      clearInterval(timer);
      link.dispose();
    });
    return { link, seen, states, greeting: stream === 'console' ? 'login: ' : 'RFB 003.008\n' };
  }

  test('console and screen say that the machine is off, send nothing anywhere, and connect to the next guest by themselves', async () => {
    const both = [open('console'), open('vnc')];
    await until(() => both.every(({ seen, greeting }) => seen.text === greeting), 'both are open');
    processes.at(-1)!.die();
    for (const { states } of both) {
      await until(() => states.some(({ phase }) => phase === 'stopped'), 'it is seen that the machine is off');
    }
    for (const { link, seen, states, greeting } of both) {
      await until(() => link.state.phase === 'open', 'it is open again');
      assert.deepEqual(link.state, { phase: 'open', isResumed: true, isFresh: true });
      await until(() => seen.text === greeting.repeat(2), 'the next guest greets');
      assert.ok(states.every(({ phase }) => phase !== 'held' && phase !== 'ended'), JSON.stringify(states));
    }
    assert.equal(processes.length, 2);
  });
});
