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
    const left: Record<string, number>[] = [];
    for (let round = 0; round < 3; round++) {
      await deactivate();
      // Sockets and watches of files close in their own time.
      left.push(await eventually('what was opened is closed', () => settled(left[0])));
      await connected(await activateAgain());
    }
    assert.deepEqual(left[2], left[0]);
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

/** The count, when it is no higher than the first; right away when there is none yet. */
function settled(first: Record<string, number> | undefined): Record<string, number> | undefined {
  const now = busy();
  return !first || Object.entries(now).every(([resource, count]) => count <= (first[resource] ?? 0)) ? { ...first, ...(first ? {} : now) } : undefined;
}

function dispatchers(): readonly (readonly [string, unknown])[] {
  return Object.getOwnPropertySymbols(globalThis)
    .filter((symbol) => symbol.description?.startsWith('undici.globalDispatcher'))
    .map((symbol) => [symbol.description ?? '', (globalThis as Record<symbol, unknown>)[symbol]] as const);
}
