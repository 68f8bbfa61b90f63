import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { advance, running, started } from './startedLink';

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

test('F22: what the server still holds of our own lost session is nobody to ask', async () => {
  const { link, clock, last } = started({ probe: () => ({ holder: 'me', startTime: '2026-01-01T00:00:00Z' }) });
  await setImmediate();
  for (let loss = 0; loss < 3; loss++) {
    last().close(1006);
    await advance(clock, 4000);
    assert.equal(link.state.phase, 'open');
  }
});

for (const [clocks, year] of [['behind', 1990], ['ahead of', 2090]] as const) {
  test(`F22: two windows of one user do not fight, on a server whose clock is ${clocks} ours as well`, async () => {
    let session = 0;
    const start = () => `${year}-01-01T00:00:${String(session).padStart(2, '0')}Z`;
    const holder = () => (session === 0 ? {} : { holder: 'me', startTime: start() });
    const newest: number[] = [];
    const open = (window: number) => started({
      probe: holder,
      fail: () => {
        session++;
        newest.push(window);
        return undefined;
      },
    });
    const first = open(0);
    await setImmediate();
    const windows = [first, open(1)];
    for (let round = 0; round < 40; round++) {
      await setImmediate();
      // The one that opened last has it; the other one is cut off.
      const loser = windows[newest.at(-1) === 0 ? 1 : 0]!;
      if (loser.phase() === 'open') {
        loser.last().close(1006);
      }
      for (const { clock } of windows) {
        await advance(clock, 10_000);
        await setImmediate();
      }
    }
    assert.ok(newest.length <= 4, `${newest.length} connections`);
    assert.ok(windows.some(({ phase }) => phase() === 'held'));
  });
}

test('F21: an agreement to take it over counts while somebody is in the way, and not later', async () => {
  const { link, channels, last } = started({ probe: () => ({}) });
  await setImmediate();
  link.takeOver();
  await setImmediate();
  assert.deepEqual([channels.length, last().isDisposed], [1, false]);
  link.setMachine({ ...running, uid: 'b' });
  link.takeOver();
  await setImmediate();
  assert.deepEqual([link.state.phase, channels.length], ['ended', 1]);
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
