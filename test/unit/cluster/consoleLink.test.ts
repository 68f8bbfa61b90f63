import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { SessionHolder } from '../../../src/cluster/channel';
import { advance, error, reason, running, started } from './startedLink';

test('F21: a free console is connected, and a prompt is asked for', async () => {
  const { last, states, calls, link } = started({ probe: () => ({}) });
  await setImmediate();
  assert.deepEqual([states.map(({ phase }) => phase), calls, last().sent, last().isPaused], [['connecting', 'open'], ['probe', 'open', 'probe'], '\r', false]);
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

test('F21: whatever is done beside the probe, nothing is asked for before its answer', async () => {
  for (const [answer, phase, asked] of [[{}, 'open', 'probe,open,probe'], [{ holder: 'alice' }, 'held', 'probe']] as const) {
    const { promise, resolve } = Promise.withResolvers<SessionHolder>();
    const { link, calls } = started({ probe: () => promise });
    await setImmediate();
    assert.deepEqual([link.state.phase, calls], ['connecting', ['probe']]);
    resolve(answer);
    await setImmediate();
    assert.deepEqual([link.state.phase, calls.join()], [phase, asked]);
    link.dispose();
  }
});

test('F22: a way that fails beside the probe is tried again, and what is still asked does not count', async () => {
  const { promise, reject } = Promise.withResolvers<SessionHolder>();
  const script = { probe: () => promise, noWay: () => error('unreachable') };
  const { link, calls } = started(script);
  await setImmediate();
  assert.deepEqual([link.state.phase === 'waiting' && link.state.problem?.reason, calls], ['unreachable', ['probe']]);
  reject(error('timeout'));
  await setImmediate();
  assert.equal(link.state.phase === 'waiting' && link.state.problem?.reason, 'unreachable');
  link.dispose();
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

test('after credentials that were not accepted it connects again as soon as the cluster tells of the same machine again', async () => {
  const { link, script, calls } = started({ fail: () => error('unauthorized') });
  await setImmediate();
  assert.equal(reason(link), 'It is unauthorized.');
  const before = calls.length;
  link.setMachine(running);
  link.setMachine(undefined);
  delete script.fail;
  link.setMachine({ ...running, uid: 'b' });
  await setImmediate();
  assert.deepEqual([link.state.phase, calls.length], ['ended', before]);
  link.setMachine(undefined);
  link.setMachine(running);
  await setImmediate();
  assert.equal(link.state.phase, 'open');
  link.stop();
  link.setMachine(undefined);
  link.setMachine(running);
  await setImmediate();
  assert.equal(link.state.phase, 'ended', 'as the user wanted it');
});

test('while it waits it says what the network did', async () => {
  const { link, clock, last } = started();
  await setImmediate();
  const problem = { reason: 'timeout', message: 'It did not answer.' } as const;
  Object.assign(last(), { problem, silentSinceMs: 7 });
  last().close(1006);
  assert.deepEqual(link.state, { phase: 'waiting', retryAtMs: clock.now() + 1000, problem, silentSinceMs: 7 });
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

test('F23: a migration or a restart that is known before the stream ends is no fight either', async () => {
  const { link, clock, last } = started();
  await setImmediate();
  for (const node of ['two', 'three', 'four']) {
    link.setMachine({ ...running, phase: 'Migrating' });
    link.setMachine({ ...running, node });
    last().close(1006);
    await advance(clock, 10_000);
    assert.deepEqual([link.state, last().sent], [{ phase: 'open', isResumed: true, isFresh: false }, '']);
  }
  for (let restart = 0; restart < 3; restart++) {
    link.setMachine({ ...running, node: 'four', phase: 'Stopped' });
    link.setMachine({ ...running, node: 'four' });
    last().close(1006);
    await advance(clock, 10_000);
    assert.deepEqual([link.state, last().sent], [{ phase: 'open', isResumed: true, isFresh: true }, '\r']);
  }
});

test('F24: where nobody knows the machine after a loss, the server is asked which one it is before anything is opened', async () => {
  for (const [uid, message] of [['b', /another one was created/], [null, /no longer exists/], ['a', undefined], [undefined, undefined]] as const) {
    const { link, clock, last, script, channels, calls } = started({ probe: () => ({}) });
    await setImmediate();
    assert.ok(!calls.includes('identify'));
    link.setMachine(undefined);
    if (uid !== undefined) {
      script.uid = uid;
    }
    last().close(1006);
    await advance(clock, 1000);
    await setImmediate();
    assert.ok(calls.includes('identify'));
    if (message) {
      assert.match(reason(link), message);
      assert.deepEqual([link.send('x'), channels.length, clock.pending], [false, 1, 0]);
    } else {
      assert.equal(link.state.phase, 'open');
    }
  }
});

test('F24: what is typed into a stream that is just ending is dropped visibly too', async () => {
  const { link, last } = started({ probe: () => ({}) });
  await setImmediate();
  last().isEnding = true;
  assert.equal(link.send('lost'), false);
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

