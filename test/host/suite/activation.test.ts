import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { commandList } from '../../../src/vscode/commandList';
import { operations } from '../../../src/domain/operations';
import { activateAgain, connected, deactivate, eventually, extension } from './support';

suite('Activation', () => {
  test('every command of the lists exists once the extension is active', async () => {
    await extension();
    const known = new Set(await commands.getCommands(true));
    const wanted = [...Object.keys(commandList), ...Object.keys(operations)].map((id) => `dvp.${id}`);
    assert.deepEqual(wanted.filter((command) => !known.has(command)), []);
  });

  test('F39: connecting leaves the global undici dispatcher untouched', async () => {
    await fetch('data:text/plain,loads what Node itself keeps there');
    const before = dispatchers();
    await connected(await extension());
    assert.deepEqual(dispatchers(), before);
  });

  test('three times activated and deactivated, nothing is left running', async () => {
    await connected(await extension());
    await deactivate();
    const before = await eventually('what was opened is closed', () => isQuieterThan(undefined));
    for (let round = 0; round < 3; round++) {
      // Commands, views and file systems that were left behind would make this throw.
      await connected(await activateAgain());
      assert.equal(isQuieterThan(before), undefined, 'an open connection is seen');
      await deactivate();
      await eventually('what was opened is closed', () => isQuieterThan(before));
    }
    await activateAgain();
  });
});

/** What keeps this process busy, except what comes and goes by itself, e.g. reads of files. */
function busy(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const resource of process.getActiveResourcesInfo()) {
    if (/Timeout|Immediate|TCPSocketWrap|TLSWrap|FSEventWrap|StatWatcher|ChildProcess|ProcessWrap/.test(resource)) {
      counts[resource] = (counts[resource] ?? 0) + 1;
    }
  }
  return counts;
}

/** The counts, when none is higher than `before`; without it, as soon as no connection to a cluster is left. */
function isQuieterThan(before: Record<string, number> | undefined): Record<string, number> | undefined {
  const now = busy();
  const isQuiet = before ? Object.entries(now).every(([resource, count]) => count <= (before[resource] ?? 0)) : !now['TLSWrap'];
  return isQuiet ? now : undefined;
}

function dispatchers(): readonly (readonly [string, unknown])[] {
  return Object.getOwnPropertySymbols(globalThis)
    .filter((symbol) => symbol.description?.startsWith('undici.globalDispatcher'))
    .map((symbol) => [symbol.description ?? '', (globalThis as Record<symbol, unknown>)[symbol]] as const);
}
