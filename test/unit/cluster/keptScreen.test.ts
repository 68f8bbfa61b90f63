import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isScreenId, KeptScreen, sweepScreens } from '../../../src/cluster/keptScreen';
import { TestClock } from './testClock';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'dvp-screen-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

const id = '0123456789abcdef';

function kept() {
  const clock = new TestClock();
  const errors: unknown[] = [];
  const state = { content: '' };
  const inside = path.join(folder, 'consoles');
  const screen = new KeptScreen({ folder: inside, id, clock, content: () => Buffer.from(state.content), onError: (error) => errors.push(error) });
  const print = (text: string) => {
    state.content += text;
    screen.changed();
  };
  return { clock, errors, screen, print, file: path.join(inside, `${id}.screen`), inside };
}

const settled = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo().catch(() => false))) {
    await new Promise(setImmediate);
  }
};
const holds = (file: string, text: string) => settled(async () => (await readFile(file, 'utf8')) === text);

test('F30: what a console printed is kept for its owner only, not more often than every two seconds', async () => {
  const { clock, print, file, screen, inside, errors } = kept();
  print('one ');
  clock.advance(0);
  await holds(file, 'one ');
  if (process.platform !== 'win32') {
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await stat(inside)).mode & 0o777, 0o700);
  }
  print('two ');
  clock.advance(1000);
  assert.equal(await readFile(file, 'utf8'), 'one ');
  clock.advance(1000);
  await holds(file, 'one two ');
  assert.equal((await screen.read())?.toString(), 'one two ');
  assert.deepEqual(errors, []);
});

test('F30: when the window goes everything is kept at once', async () => {
  const { print, file, screen, clock, inside } = kept();
  print('the last words');
  screen.dispose();
  assert.equal(await readFile(file, 'utf8'), 'the last words');
  assert.deepEqual([clock.pending, await readdir(inside)], [0, [`${id}.screen`]]);
});

test('F30: when the window goes while it is being written, it is there at once as well', async () => {
  const { print, file, screen, clock } = kept();
  print('the last words');
  clock.advance(0);
  screen.dispose();
  assert.equal(readFileSync(file, 'utf8'), 'the last words');
  await settled(async () => (await readdir(path.dirname(file))).join() === path.basename(file));
});

test('F30: when the console is closed nothing is left', async () => {
  const { clock, print, screen, inside } = kept();
  print('secret');
  clock.advance(0);
  print('secret');
  screen.forget();
  screen.dispose();
  await settled(async () => (await readdir(inside)).length === 0);
  assert.equal(await screen.read(), undefined);
});

test('a folder that cannot be written to is no reason to stop', async () => {
  const { print, screen, errors, inside } = kept();
  await writeFile(inside, 'not a folder');
  print('x');
  screen.dispose();
  assert.equal(errors.length, 1);
});

test('what a crash has left is removed after a week, and nothing else', async () => {
  for (const name of [`${id}.screen`, `${id}.screen.next`, 'ffffffffffffffff.screen', 'other.txt']) {
    await writeFile(path.join(folder, name), '');
  }
  const nowMs = Date.now();
  const longAgo = new Date(nowMs - 8 * 24 * 3_600_000);
  for (const name of [`${id}.screen`, `${id}.screen.next`, 'other.txt']) {
    await utimes(path.join(folder, name), longAgo, longAgo);
  }
  await sweepScreens(folder, nowMs);
  assert.deepEqual((await readdir(folder)).sort(), ['ffffffffffffffff.screen', 'other.txt']);
  await sweepScreens(path.join(folder, 'missing'), nowMs);
});

test('an id is never a path', () => {
  assert.deepEqual([id, '../../etc/passwd', '', 7, 'ABCDEF0123456789', `${id}/x`].map(isScreenId), [true, false, false, false, false, false]);
});
