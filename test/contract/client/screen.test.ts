import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { systemClock } from '../../../src/base/timing';
import type { KubeApi } from '../../../src/cluster/api';
import { openChannelIf, probe } from '../../../src/cluster/channel';
import type { StreamTarget } from '../../../src/cluster/channel';
import { ConsoleLink } from '../../../src/cluster/consoleLink';
import { phaseOf } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import { startPlatform } from '../../cluster/platform/index';
import type { Platform } from '../../cluster/platform/index';
import { humanTiming, scaled } from '../../cluster/platform/lower/timing';
import { Viewer } from '../platform/streamsViewer';
import { until } from '../../until';
import { startSite } from './site';
import type { Site } from './site';

const target: StreamTarget = { namespace: 'billing', name: 'ledger-01', stream: 'vnc' };
const machines = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines';
const operations = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachineoperations';

const none = { apiVersion: '', kind: '', metadata: { name: '' } };

describe('the screen of a machine', () => {
  let site: Site;
  let platform: Platform;
  let api: KubeApi;
  const screens: { close(): void }[] = [];

  before(async () => {
    site = await startSite('own', { world: 'company' });
    platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', hasProbe: true, timing: scaled(humanTiming, 0.1) });
    api = site.api(await site.context());
  });
  beforeEach(() => screens.splice(0).forEach((screen) => screen.close()));
  after(async () => {
    screens.forEach((screen) => screen.close());
    await platform?.stop();
    await site?.stop();
  });

  /** A link as the panel has one, with a viewer for each of its sessions. */
  function show(as = api, name = target.name) {
    const address = { ...target, name };
    let machineTimer: NodeJS.Timeout | undefined;
    const link = new ConsoleLink({
      open: (signal, mayTake) => openChannelIf(as, address, { userAgent: 'test/1', signal, clock: systemClock }, mayTake),
      probe: (signal) => probe(as, address, signal),
      self: async () => Promise.resolve(as === api ? 'token' : 'exec'),
      log: () => undefined,
    });
    const viewers: Viewer[] = [];
    link.onDidChangeState(({ phase }) => {
      if (phase === 'open') {
        viewers.push(new Viewer({ send: (bytes) => void link.send(bytes) }));
      }
    });
    link.onData((bytes) => viewers.at(-1)?.take(bytes));
    const follow = () => {
      const machine = platform.known.get('VirtualMachine', name, target.namespace);
      link.setMachine(machine ? { uid: machine.metadata.uid ?? '', phase: phaseOf(machine), node: stringAt(machine, 'status.nodeName') } : null);
      machineTimer = setTimeout(follow, 20);
    };
    follow();
    link.connect();
    const close = () => {
      clearTimeout(machineTimer);
      link.dispose();
    };
    screens.push({ close });
    const sees = (text: string) => until(() => viewers.at(-1)?.text.includes(text) === true, `"${text}" on the screen; it is ${link.state.phase} and shows ${viewers.at(-1)?.text ?? 'nothing'}`);
    const isIn = (phase: string) => until(() => link.state.phase === phase, `${phase}, but ${link.state.phase}`);
    return { link, viewers, sees, isIn, close, viewer: () => viewers.at(-1) as Viewer };
  }

  /** Runs an operation on the machine to its end. */
  const operate = async (type: string) => {
    const name = `ledger-01-${type.toLowerCase()}`;
    await site.cluster.admin.do('POST', operations, {
      apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name }, spec: { type, virtualMachineName: 'ledger-01', ...(type === 'Stop' && { force: true }) },
    });
    await until(() => phaseOf(platform.known.get('VirtualMachineOperation', name, target.namespace) ?? none) === 'Completed', `${type} is done`);
  };

  test('it shows who it is, takes keys, and says by name how large it is', async () => {
    const { sees, viewer } = show();
    await sees('SIMULATED GUEST  ledger-01');
    viewer().type('\r');
    await sees('login:');
    assert.ok(viewer().width >= 640);
  });

  test('several machines side by side each have their own screen, and keys go to the one they are meant for', async () => {
    const [ledger, db] = [show(), show(api, 'db-01')];
    await ledger.sees('SIMULATED GUEST  ledger-01');
    await db.sees('SIMULATED GUEST  db-01');
    db.viewer().type('only here');
    await db.sees('only here');
    assert.doesNotMatch(ledger.viewer().text, /only/);
    assert.deepEqual([ledger.viewers.length, db.viewers.length], [1, 1]);
  });

  test('it stops with the machine, does not try meanwhile, and comes back with it by itself', async () => {
    const { sees, isIn, viewers } = show();
    await sees('SIMULATED GUEST');
    await operate('Stop');
    await isIn('stopped');
    const from = site.faults.seen.length;
    await operate('Start');
    await isIn('open');
    await sees('login:');
    assert.equal(viewers.length, 2);
    assert.ok(site.faults.seen.slice(from).filter(({ url }) => url.endsWith('/vnc')).length <= 2);
  });

  test('F23: it goes on with the same machine after a live migration', async () => {
    const { sees, viewer, viewers, isIn } = show();
    await sees('SIMULATED GUEST');
    viewer().type('stays');
    await sees('stays');
    await operate('Evict');
    await until(() => viewers.length > 1, 'a second session');
    await isIn('open');
    await sees('stays');
  });

  test('F22: one viewer at a time: the loser says who has it, and nobody fights', async () => {
    const mine = show();
    await mine.sees('SIMULATED GUEST');
    const theirs = show(site.api(await site.context('exec', { user: { token: site.cluster.users.exec.token } })));
    await theirs.isIn('held');
    theirs.link.takeOver();
    await theirs.sees('SIMULATED GUEST');
    await mine.isIn('held');
    assert.equal(mine.link.state.phase === 'held' && mine.link.state.holder, 'exec');
    const from = site.faults.seen.length;
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    assert.equal(site.faults.seen.slice(from).filter(({ url, headers }) => url.endsWith('/vnc') && headers['upgrade'] !== undefined).length, 0, 'nobody connects anew');
    mine.link.takeOver();
    await mine.sees('SIMULATED GUEST');
  });

  test('missing rights end it with the reason', async () => {
    const { link, isIn } = show(site.api(await site.context('viewer')));
    await isIn('ended');
    assert.match(link.state.phase === 'ended' ? link.state.problem?.message ?? '' : '', /virtualmachines\/vnc/);
  });

  test('a cut network is healed, and nothing typed meanwhile arrives later', async () => {
    const { sees, viewer, viewers, link } = show();
    await sees('SIMULATED GUEST');
    site.faults.cutAll();
    await until(() => link.state.phase !== 'open', 'the loss');
    viewer().type('lost');
    await until(() => viewers.length > 1, 'a second session');
    await sees('SIMULATED GUEST');
    viewer().type('found');
    await sees('found');
    assert.doesNotMatch(viewer().text, /lost/);
  });

  test('a reader that cannot make sense of it ends it, and the user may try again', async () => {
    const { sees, isIn, link } = show();
    await sees('SIMULATED GUEST');
    link.fail({ reason: 'server', message: 'No RFB.' });
    await isIn('ended');
    link.connect();
    await sees('SIMULATED GUEST');
  });

  test('a machine that is deleted and made anew under its name is never typed on', async () => {
    const { sees, isIn, link } = show();
    await sees('SIMULATED GUEST');
    const { metadata, spec, apiVersion, kind } = platform.known.get('VirtualMachine', target.name, target.namespace) ?? assert.fail('no machine');
    await site.cluster.admin.do('DELETE', `${machines}/ledger-01`);
    await until(() => platform.known.get('VirtualMachine', target.name, target.namespace) === null || link.state.phase === 'ended', 'the machine is gone');
    await isIn('ended');
    assert.match(link.state.phase === 'ended' ? link.state.problem?.message ?? '' : '', /no longer exists|deleted/);
    await until(async () => (await site.cluster.admin.do('POST', machines, { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace }, spec }).then(() => true, () => false)), 'the name is free');
    await until(() => phaseOf(platform.known.get('VirtualMachine', target.name, target.namespace) ?? none) !== undefined, 'the namesake');
    assert.equal(link.state.phase, 'ended');
    assert.equal(link.send(Buffer.from([4, 1, 0, 0, 0, 0, 0, 0x61])), false);
  });

  test('after closing nobody has it', async () => {
    const { isIn, close } = show();
    await isIn('open');
    close();
    await until(async () => (await probe(api, target, AbortSignal.timeout(5000)))?.holder === undefined, 'the screen is free');
  });
});
