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
  assert.deepEqual(outcomeOf(operation()), { state: 'running', phase: undefined, message: undefined });
  assert.equal(outcomeOf(operation('Pending')).state, 'running');
  assert.deepEqual(outcomeOf(operation('InProgress', { reason: 'x', message: 'Waits. ' })), { state: 'running', phase: 'InProgress', message: 'Waits.' });
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
