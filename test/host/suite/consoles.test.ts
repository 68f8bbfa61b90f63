import assert from 'node:assert/strict';
import { commands, ConfigurationTarget, window, workspace } from 'vscode';
import { phaseOf } from '../../../src/domain/kubeObject';
import { until } from '../../until';
import { connected, extension } from './support';

suite('Consoles', () => {
  test('a console that is opened twice at once is one terminal', async () => {
    const { context, view } = await connected(await extension());
    const machine = view.list('VirtualMachine')?.find((one) => phaseOf(one) === 'Running');
    assert.ok(machine);
    const { name, namespace } = machine.metadata;
    const settings = workspace.getConfiguration('dvp');
    await settings.update('console.surface', 'terminal', ConfigurationTarget.Global);
    try {
      const open = () => commands.executeCommand('dvp.vm.console', { context: context.id, kind: 'VirtualMachine', name, namespace });
      await Promise.all([open(), open()]);
      const opened = window.terminals.filter((terminal) => terminal.name.startsWith(name));
      assert.equal(opened.length, 1);
      opened.forEach((terminal) => terminal.dispose());
      await until(() => window.terminals.every((terminal) => !terminal.name.startsWith(name)) || undefined, 'the terminal is closed');
    } finally {
      await settings.update('console.surface', undefined, ConfigurationTarget.Global);
    }
  });
});
