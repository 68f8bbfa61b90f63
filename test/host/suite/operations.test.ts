import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { type OperationId, operations } from '../../../src/domain/operations';
import { phaseOf } from '../../../src/domain/kubeObject';
import { outcomeOf } from '../../../src/domain/operationOutcome';
import { carryOut } from '../../../src/vscode/carryOut';
import type { ClusterSession } from '../../../src/vscode/clusters';
import type { Target } from '../../../src/vscode/target';
import { until } from '../../until';
import { connected, extension } from './support';

suite('Operations', () => {
  test('stops and starts a machine, asking first and naming machine, namespace and context', async () => {
    const api = await extension();
    const session = await connected(api);
    const machine = await until(() => applicable(session, 'vm.stop'), 'a machine that can be stopped');
    const asked: string[] = [];
    await answering(api, (text) => asked.push(text) > 0, async () => {
      await commands.executeCommand('dvp.vm.stop', targetOf(session, machine));
    });
    await until(() => phaseOf(current(session, machine)) === 'Stopped', 'the machine stops');
    for (const name of [machine.metadata.name, machine.metadata.namespace ?? '', session.context.name]) {
      assert.ok(asked.join('\n').includes(`"${name}"`), name);
    }
    await commands.executeCommand('dvp.vm.start', targetOf(session, machine));
    await until(() => phaseOf(current(session, machine)) === 'Running', 'the machine runs again');
  });

  test('nothing is sent when the user turns away', async () => {
    const api = await extension();
    const session = await connected(api);
    const machine = await until(() => applicable(session, 'vm.stop'), 'a machine that can be stopped');
    await answering(api, () => false, async () => {
      await commands.executeCommand('dvp.vm.stop', targetOf(session, machine));
    });
    assert.deepEqual(ownOperations(session, machine), []);
  });

  test('a selection is asked about once; what it is not possible for is left out with the reason', async () => {
    const api = await extension();
    const session = await connected(api);
    const able = await until(() => applicable(session, 'vm.stop'), 'a machine that can be stopped');
    const unable = session.view.list('VirtualMachine')?.find((machine) => phaseOf(machine) === 'Stopped');
    assert.ok(unable);
    const reason = operations['vm.stop'].applies(unable, session.view);
    const asked: string[] = [];
    await answering(api, (text) => asked.push(text) < 0, async () => {
      await commands.executeCommand('dvp.vm.stop', targetOf(session, able), targetOf(session, unable));
    });
    assert.equal(asked.length, 1);
    assert.ok(asked[0]?.includes(able.metadata.name));
    assert.ok(typeof reason === 'object' && asked[0]?.includes(reason.because));
  });

  test('cancelling deletes the operation that was sent', async () => {
    const api = await extension();
    const session = await connected(api);
    const machine = await until(() => applicable(session, 'vm.stop'), 'a machine that can be stopped');
    const cancel = new AbortController();
    const cancelled = new Error('cancelled');
    const seen = new Set<string>();
    const listening = session.onDidChange(() => {
      for (const { metadata } of ownOperations(session, machine)) {
        seen.add(metadata.name);
        cancel.abort(cancelled);
      }
    });
    const target = targetOf(session, machine);
    await assert.rejects(carryOut(operations['vm.stop'], { target, object: machine, session }, { clusters: api.clusters, signal: cancel.signal, say: () => undefined }), cancelled);
    listening.dispose();
    assert.equal(seen.size, 1);
    await until(() => ownOperations(session, machine).length === 0, 'the operation is gone');
  });

  test('a failure is told in the platform\'s own words', async () => {
    const api = await extension();
    const session = await connected(api);
    const machine = session.view.list('VirtualMachine')?.find((candidate) => phaseOf(candidate) === 'Stopped' && operations['vm.start'].applies(candidate, session.view) === true);
    assert.ok(machine);
    // The platform refuses to restart what does not run; the list of operations would not have offered it.
    const forced = { ...operations['vm.restart'], applies: () => true as const };
    const target = targetOf(session, machine);
    await assert.rejects(carryOut(forced, { target, object: machine, session }, { clusters: api.clusters, signal: new AbortController().signal, say: () => undefined }), (error) => {
      const outcome = session.view.list('VirtualMachineOperation')?.filter(({ metadata }) => metadata.name.startsWith(`${machine.metadata.name}-restart-`)).map(outcomeOf)[0];
      assert.ok(error instanceof Error);
      return outcome?.state === 'failed' ? error.message.includes(outcome.message) : 'reason' in error && error.reason === 'denied';
    });
  });

  test('F43: a read-only context refuses before anything is asked or sent', async () => {
    const api = await extension();
    const session = await connected(api);
    const machine = await until(() => applicable(session, 'vm.stop'), 'a machine that can be stopped');
    const { workspace, ConfigurationTarget } = await import('vscode');
    await workspace.getConfiguration('dvp').update('readOnly', true, ConfigurationTarget.Global);
    try {
      const asked: string[] = [];
      await answering(api, (text) => asked.push(text) > 0, async () => {
        await commands.executeCommand('dvp.vm.stop', targetOf(session, machine));
      });
      assert.deepEqual(asked, []);
      const request = operations['vm.stop'].request(machine, 'aaaaa', session.view, {});
      await assert.rejects(session.operate(request, new AbortController().signal), { reason: 'readOnly' });
    } finally {
      await workspace.getConfiguration('dvp').update('readOnly', undefined, ConfigurationTarget.Global);
    }
  });
});

type Machine = NonNullable<ReturnType<ClusterSession['view']['list']>>[number];

function applicable({ view }: ClusterSession, id: OperationId): Machine | undefined {
  return view.list('VirtualMachine')?.find((machine) => phaseOf(machine) === 'Running' && operations[id].applies(machine, view) === true);
}

function targetOf({ context }: ClusterSession, { metadata }: Machine): Target {
  return { context: context.id, kind: 'VirtualMachine', name: metadata.name, ...(metadata.namespace ? { namespace: metadata.namespace } : {}) };
}

/** Stop operations on a machine that this suite made and the platform still has. */
function ownOperations({ view }: ClusterSession, { metadata }: Machine): readonly Machine[] {
  return (view.list('VirtualMachineOperation') ?? []).filter((operation) => operation.metadata.name.startsWith(`${metadata.name}-stop-`) && outcomeOf(operation).state === 'running');
}

function current({ view }: ClusterSession, { metadata }: Machine): Machine {
  return view.get('VirtualMachine', metadata.name, metadata.namespace) as Machine;
}

/** VS Code refuses dialogs while tests run, so the one place that asks is answered here. */
async function answering({ report }: Awaited<ReturnType<typeof extension>>, answer: (text: string) => boolean, action: () => Promise<void>): Promise<void> {
  const original = { ...report };
  Object.assign(report, { confirm: (question: string, detail: string) => Promise.resolve(answer(`${question}\n${detail}`)) });
  try {
    await action();
  } finally {
    Object.assign(report, original);
  }
}
