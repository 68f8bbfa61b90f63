import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { SessionHolder } from '../../../src/cluster/channel';
import { ConsoleLink } from '../../../src/cluster/consoleLink';
import type { LinkChannel, LinkedMachine, LinkState } from '../../../src/cluster/consoleLink';
import { ClusterError } from '../../../src/cluster/errors';
import { TestClock } from './testClock';

class FakeChannel implements LinkChannel {
  sent = '';
  isPaused = true;
  isDisposed = false;
  #onData: (bytes: Buffer) => void = () => undefined;
  #onClose: (code: number) => void = () => undefined;
  onData: LinkChannel['onData'] = (listener) => {
    this.#onData = listener;
    return { dispose: () => undefined };
  };
  onClose: LinkChannel['onClose'] = (listener) => {
    this.#onClose = listener;
    return { dispose: () => undefined };
  };
  send(data: string | Uint8Array) { this.sent += data.toString(); }
  pause() { this.isPaused = true; }
  resume() { this.isPaused = false; }
  dispose() { this.isDisposed = true; }
  print(text: string) { this.#onData(Buffer.from(text)); }
  close(code: number) { this.#onClose(code); }
}

/** A link to a machine that runs, with everything around it scripted. */
function started(script: { probe?: (() => SessionHolder | undefined); fail?: () => unknown; machine?: LinkedMachine } = {}) {
  const clock = new TestClock();
  const channels: FakeChannel[] = [];
  const states: LinkState[] = [];
  const calls: string[] = [];
  const link = new ConsoleLink({
    clock, log: () => undefined, greeting: '\r',
    open: () => {
      calls.push('open');
      const error = script.fail?.();
      if (error) {
        return Promise.reject(error instanceof Error ? error : new Error('no error'));
      }
      channels.push(new FakeChannel());
      return Promise.resolve(channels.at(-1)!);
    },
    probe: () => {
      calls.push('probe');
      return Promise.resolve(script.probe?.());
    },
    self: () => Promise.resolve('me'),
  });
  link.onDidChangeState((state) => states.push(state));
  link.setMachine('machine' in script ? script.machine : running);
  link.connect();
  return { link, clock, channels, states, calls, phase: () => link.state.phase, script, last: () => channels.at(-1)! };
}

const running = { uid: 'a', phase: 'Running', node: 'one' };
const advance = async (clock: TestClock, ms: number) => {
  clock.advance(ms);
  await setImmediate();
};
const reason = ({ state }: ConsoleLink) => (state.phase === 'ended' ? state.problem?.message ?? '' : '');
const error = (reason: ClusterError['reason']) => new ClusterError(reason, `It is ${reason}.`);

test('F21: a free console is connected, and a prompt is asked for', async () => {
  const { last, states, calls, link } = started({ probe: () => ({}) });
  await setImmediate();
  assert.deepEqual([states.map(({ phase }) => phase), calls, last().sent, last().isPaused], [['connecting', 'open'], ['probe', 'open'], '\r', false]);
  link.dispose();
  assert.ok(last().isDisposed);
});

test('F21: a server that cannot tell is connected as before; our own session too', async () => {
  for (const probe of [() => undefined, () => ({ holder: 'me' })]) {
    const { phase } = started({ probe });
    await setImmediate();
    assert.equal(phase(), 'open');
  }
});

test('F21: a console that somebody has is taken over only when the user says so', async () => {
  const { link, calls } = started({ probe: () => ({ holder: 'alice', client: 'd8', startTime: '2026-01-01T00:00:00Z' }) });
  await setImmediate();
  assert.deepEqual([link.state, calls], [{ phase: 'held', holder: 'alice', client: 'd8', startTime: '2026-01-01T00:00:00Z' }, ['probe']]);
  link.takeOver();
  await setImmediate();
  assert.equal(link.state.phase, 'open');
});

test('F22: after a loss it tries after 1, 2, 4, 8, 10, 10 s, until the user stops it', async () => {
  const { link, clock, last, script, calls } = started({ probe: () => ({}) });
  await setImmediate();
  script.fail = () => error('unreachable');
  last().close(1006);
  for (const delayMs of [1000, 2000, 4000, 8000, 10_000, 10_000]) {
    assert.deepEqual(clock.delaysMs, [delayMs]);
    assert.equal(link.state.phase === 'waiting' && link.state.retryAtMs, clock.now() + delayMs);
    await advance(clock, delayMs);
  }
  assert.equal(calls.filter((call) => call === 'open').length, 7);
  link.stop();
  assert.deepEqual([link.state, clock.pending], [{ phase: 'ended' }, 0]);
});

test('the delay is short again after a connection that lasted', async () => {
  const { clock, last, script } = started({ probe: () => ({}) });
  await setImmediate();
  script.fail = () => error('server');
  last().close(1006);
  await advance(clock, 1000);
  delete script.fail;
  await advance(clock, 2000);
  clock.advance(10_000);
  last().close(1006);
  assert.deepEqual(clock.delaysMs, [1000]);
});

test('F22: after an unexpected end it asks first, and stays away when another user has it', async () => {
  for (const code of [1001, 1006]) {
    const { link, clock, last, script } = started({ probe: () => ({}) });
    await setImmediate();
    script.probe = () => ({ holder: 'bob' });
    last().close(code);
    assert.equal(link.state.phase, 'waiting');
    await advance(clock, 1000);
    assert.deepEqual(link.state, { phase: 'held', holder: 'bob' });
  }
});

test('F22: where the server cannot say who took it, the second loss without a reason asks, 1001 at once', async () => {
  const { link, clock, last, channels } = started();
  await setImmediate();
  last().close(1006);
  await advance(clock, 1000);
  assert.equal(link.state.phase, 'open');
  last().close(1006);
  await advance(clock, 2000);
  assert.deepEqual([link.state, channels.length], [{ phase: 'held' }, 2]);
  assert.equal(clock.pending, 0);

  const other = started();
  await setImmediate();
  other.last().close(1001);
  await advance(other.clock, 1000);
  assert.deepEqual([other.link.state, other.channels.length], [{ phase: 'held' }, 1]);
});

test('two windows of one user do not fight; what the server still holds of a lost session does not count', async () => {
  const { link, clock, last, script } = started({ probe: () => ({}) });
  await setImmediate();
  const own = () => ({ holder: 'me', startTime: '2026-01-01T00:00:00Z' });
  script.probe = own;
  for (let loss = 0; loss < 3; loss++) {
    last().close(1006);
    await advance(clock, 4000);
    assert.equal(link.state.phase, 'open');
  }
  script.probe = () => ({ holder: 'me', startTime: '2026-01-01T00:05:00Z' });
  last().close(1006);
  await advance(clock, 10_000);
  assert.equal(link.state.phase, 'open');
  last().close(1006);
  await advance(clock, 10_000);
  assert.equal(link.state.phase, 'held');
});

test('F22: 404 and missing rights end it with the reason; the user can try again', async () => {
  for (const reason of ['notFound', 'forbidden'] as const) {
    const { link, script } = started({ fail: () => error(reason) });
    await setImmediate();
    assert.deepEqual(link.state, { phase: 'ended', problem: { reason, message: `It is ${reason}.` } });
    delete script.fail;
    link.connect();
    await setImmediate();
    assert.equal(link.state.phase, 'open');
  }
});

test('a machine that does not run is waited for without asking the server, and connected at once when it runs', async () => {
  const { link, clock, calls } = started({ machine: { ...running, phase: 'Stopped' } });
  assert.deepEqual([link.state, calls, clock.pending], [{ phase: 'stopped' }, [], 0]);
  link.setMachine({ ...running, phase: 'Starting' });
  assert.equal(link.state.phase, 'stopped');
  link.setMachine(running);
  await setImmediate();
  assert.equal(link.state.phase, 'open');
});

test('a stop while it is connected is no fight, and a restarted machine is asked for a prompt again', async () => {
  const { link, last, channels } = started();
  await setImmediate();
  link.setMachine({ ...running, phase: 'Stopping' });
  last().close(1006);
  assert.equal(link.state.phase, 'stopped');
  link.setMachine(running);
  await setImmediate();
  assert.deepEqual([link.state, last().sent, channels.length], [{ phase: 'open', isResumed: true, isFresh: true }, '\r', 2]);
});

test('F23: a migration ends the connection and is no fight; nothing is typed after it', async () => {
  const { link, clock, last } = started();
  await setImmediate();
  for (const node of ['two', 'three', 'four']) {
    link.setMachine({ ...running, phase: 'Migrating' });
    last().close(1006);
    link.setMachine({ ...running, node });
    await advance(clock, 10_000);
    assert.deepEqual([link.state, last().sent], [{ phase: 'open', isResumed: true, isFresh: false }, '']);
  }
});

test('F24: what is typed without a connection is dropped and not sent later', async () => {
  const { link, clock, last } = started({ probe: () => ({}) });
  await setImmediate();
  assert.equal(link.send('kept'), true);
  last().close(1006);
  assert.equal(link.send('lost'), false);
  await advance(clock, 1000);
  assert.equal(last().sent, '');
});

test('F24: a machine that was made anew under the name gets nothing until the user connects to it', async () => {
  const { link, clock, last, channels } = started({ probe: () => ({}) });
  await setImmediate();
  link.setMachine({ ...running, uid: 'b' });
  assert.ok(channels[0]?.isDisposed);
  assert.match(reason(link), /another one was created/);
  await advance(clock, 60_000);
  assert.deepEqual([link.send('x'), channels.length], [false, 1]);
  link.connect();
  await setImmediate();
  assert.equal(link.send('x'), true);
  assert.equal(last().sent, 'x');
});

test('a machine that is deleted ends it', async () => {
  const { link, last } = started();
  await setImmediate();
  link.setMachine(null);
  assert.equal(link.state.phase, 'open');
  last().close(1006);
  assert.match(reason(link), /no longer exists/);
});

test('F22: stopping works while it connects: what opens late is closed', async () => {
  const { link, channels } = started({ probe: () => ({}) });
  link.stop();
  await setImmediate();
  assert.equal(link.state.phase, 'ended');
  assert.ok(channels.every(({ isDisposed }) => isDisposed));
});

test('F26: a pause holds for the next connection too', async () => {
  const { link, clock, last } = started({ probe: () => ({}) });
  await setImmediate();
  link.pause();
  assert.equal(last().isPaused, true);
  last().close(1006);
  await advance(clock, 1000);
  assert.equal(last().isPaused, true);
  link.resume();
  assert.equal(last().isPaused, false);
});

test('what is received is handed on in order', async () => {
  const { link, last } = started();
  let shown = '';
  link.onData((bytes) => { shown += bytes.toString(); });
  await setImmediate();
  last().print('one ');
  last().print('two');
  assert.equal(shown, 'one two');
});

test('F21: waiting until it is free asks every two seconds, says who has it now, and connects by itself', async () => {
  let holder: SessionHolder | undefined = { holder: 'alice' };
  const { link, clock, calls, last } = started({ probe: () => holder });
  await setImmediate();
  link.waitUntilFree();
  link.waitUntilFree();
  assert.deepEqual([link.state, clock.delaysMs], [{ phase: 'held', holder: 'alice', isWaiting: true }, [2000]]);
  await advance(clock, 2000);
  holder = { holder: 'bob', client: 'console' };
  await advance(clock, 2000);
  assert.deepEqual([link.state, link.send('x')], [{ phase: 'held', holder: 'bob', client: 'console', isWaiting: true }, false]);
  // A server that does not answer for a moment changes nothing.
  holder = undefined;
  await advance(clock, 2000);
  assert.deepEqual([link.state.phase, calls.includes('open')], ['held', false]);
  holder = {};
  await advance(clock, 2000);
  await setImmediate();
  assert.deepEqual([link.state, last().sent, clock.pending], [{ phase: 'open', isResumed: false, isFresh: true }, '\r', 0]);
});

test('F21: whoever is quicker has it: the wait goes on', async () => {
  const holders: SessionHolder[] = [{ holder: 'alice' }, {}, { holder: 'carol' }, {}, {}];
  const { link, clock } = started({ probe: () => holders.shift() });
  await setImmediate();
  link.waitUntilFree();
  await advance(clock, 2000);
  await setImmediate();
  assert.deepEqual(link.state, { phase: 'held', holder: 'carol', isWaiting: true });
  await advance(clock, 2000);
  await setImmediate();
  assert.equal(link.state.phase, 'open');
});

test('F22: waiting ends when the user stops it, and with the machine; it goes on after the machine is back', async () => {
  const { link, clock } = started({ probe: () => ({ holder: 'alice' }) });
  await setImmediate();
  link.waitUntilFree();
  link.setMachine({ ...running, phase: 'Stopped' });
  assert.deepEqual([link.state.phase, clock.pending], ['stopped', 0]);
  link.setMachine(running);
  await setImmediate();
  assert.deepEqual([link.state.phase === 'held' && link.state.isWaiting, clock.delaysMs], [true, [2000]]);
  link.stop();
  assert.deepEqual([link.state, clock.pending], [{ phase: 'ended' }, 0]);
  link.connect();
  await setImmediate();
  assert.deepEqual(link.state, { phase: 'held', holder: 'alice' });
});

test('F21: where nobody can tell who has it there is nothing to wait for', async () => {
  const { link, clock, last } = started({ probe: () => undefined });
  await setImmediate();
  for (const delayMs of [1000, 2000]) {
    last().close(1006);
    await advance(clock, delayMs);
  }
  assert.deepEqual(link.state, { phase: 'held' });
  link.waitUntilFree();
  assert.equal(clock.pending, 0);
});

test('F22: two clients where nobody can tell who has the console do not fight for it', async () => {
  const first = started({ probe: () => undefined });
  const second = started({ probe: () => undefined });
  let openings = 0;
  for (let round = 0; round < 50; round++) {
    await setImmediate();
    openings = first.channels.length + second.channels.length;
    // The one that opened last has it; the other one is cut off.
    const loser = round % 2 === 0 ? first : second;
    if (loser.phase() === 'open') {
      loser.last().close(1006);
    }
    await advance(first.clock, 10_000);
    await advance(second.clock, 10_000);
  }
  assert.ok(openings <= 4, `${openings} connections`);
  assert.ok([first, second].some(({ phase }) => phase() === 'held'));
});
