import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { commandList } from '../../../src/vscode/commandList';
import { operations } from '../../../src/domain/operations';
import { OwnedResources } from './ownedResources';
import { until } from '../../until';
import { activateAgain, connected, deactivate, extension } from './support';

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
    const { context } = await extension();
    await deactivate();
    const owned = new OwnedResources(context.asAbsolutePath('dist'));
    try {
      for (let round = 0; round < 3; round++) {
        // Commands, views and file systems that were left behind would make this throw.
        await connected(await activateAgain());
        for (const kind of ['TCPWRAP', 'Timeout']) {
          assert.ok(owned.kinds.includes(kind), `a ${kind} is seen while it runs, among ${owned.kinds.join(', ')}`);
        }
        await deactivate();
        await until(() => owned.kinds.length === 0, () => `what was begun is ended, but there is ${owned.report}`);
      }
      await activateAgain();
    } finally {
      owned.dispose();
    }
  });
});

function dispatchers(): readonly (readonly [string, unknown])[] {
  return Object.getOwnPropertySymbols(globalThis)
    .filter((symbol) => symbol.description?.startsWith('undici.globalDispatcher'))
    .map((symbol) => [symbol.description ?? '', (globalThis as Record<symbol, unknown>)[symbol]] as const);
}
