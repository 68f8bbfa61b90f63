import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { outcomeOf } from '../../../src/domain/operationOutcome';

function operation(phase?: string, condition?: { reason: string; message: string }): KubeObject {
  return {
    apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name: 'a-start-12345', namespace: 'n' },
    status: { ...(phase ? { phase } : {}), conditions: condition ? [{ type: 'Completed', status: 'False', ...condition }] : [] },
  };
}

test('an operation without a phase, pending or in progress is running', () => {
  assert.deepEqual(outcomeOf(operation()), { state: 'running', text: 'waits for the platform' });
  assert.equal(outcomeOf(operation('Pending')).state, 'running');
});

test('what is going on is said in plain words, in the platform\'s where we have none', () => {
  const text = (reason: string, message: string, progress?: string) => {
    const running = operation('InProgress', { reason, message });
    return outcomeOf({ ...running, status: { ...(running.status as object), ...(progress !== undefined && { progress }) } });
  };
  assert.deepEqual(text('StopInProgress', 'Wait until operation completed'), { state: 'running', text: 'The guest is shutting down.' });
  assert.deepEqual(text('Syncing', 'Syncing', '43.7%'), { state: 'running', text: 'Memory is being copied while the guest runs. 43 %' });
  assert.deepEqual(text('SomethingNew', 'Waits. '), { state: 'running', text: 'InProgress · Waits.' });
});

test('a completed operation is done', () => {
  assert.deepEqual(outcomeOf(operation('Completed')), { state: 'done' });
});

test('a failure keeps the platform\'s own words, else its reason, else the phase', () => {
  const failed = (condition?: { reason: string; message: string }) => {
    const outcome = outcomeOf(operation('Failed', condition));
    return outcome.state === 'failed' ? outcome.message : outcome.state;
  };
  assert.equal(failed({ reason: 'OperationFailed', message: 'no room' }), 'no room');
  assert.equal(failed({ reason: 'OperationFailed', message: '' }), 'OperationFailed');
  assert.equal(failed(), 'Failed');
  assert.equal(outcomeOf(operation('Superseded')).state, 'failed');
});
