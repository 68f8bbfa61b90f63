import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventsOf, foldEvents, tellingEvents } from '../../../src/domain/events';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { FakeView } from './fakeView';
import { ago, machine } from './objects';

let serial = 0;

function event(reason: string, message: string, secondsAgo: number, more: { count?: number; type?: string; kind?: string; uid?: string } = {}): KubeObject {
  serial += 1;
  return {
    apiVersion: 'v1', kind: 'Event', metadata: { name: `e${serial}`, namespace: 'prod' }, reason, message, type: more.type ?? 'Normal', count: more.count ?? 1, lastTimestamp: ago(secondsAgo),
    involvedObject: { kind: more.kind ?? 'VirtualMachine', name: 'web', namespace: 'prod', uid: more.uid ?? 'uid-web' },
  };
}

describe('events', () => {
  it('that say the same are one', () => {
    const [folded, ...rest] = foldEvents([event('Started', 'Start', 60), event('Started', 'Start', 600, { count: 2 })]);
    assert.deepEqual([folded?.count, rest.length], [3, 0]);
  });

  it('that come at every look of a controller give way to those that tell something', () => {
    const folded = foldEvents([event('VirtualMachineSynced', 'The virtual machine configuration successfully synced', 1, { count: 27 }), event('Started', 'Start', 60)]);
    assert.deepEqual(tellingEvents(folded, 3).map(({ reason }) => reason), ['Started']);
    assert.deepEqual(tellingEvents(foldEvents([event('VirtualMachineSynced', 'synced', 1)]), 3).map(({ reason }) => reason), ['VirtualMachineSynced']);
  });

  it('about attaching are noise for addresses and news for others', () => {
    assert.equal(foldEvents([event('Attached', 'x', 1, { kind: 'VirtualMachineIPAddress' })])[0]?.isNoise, true);
    assert.equal(foldEvents([event('Attached', 'x', 1, { kind: 'VirtualMachineBlockDeviceAttachment' })])[0]?.isNoise, false);
  });

  it('of one start told twice are one', () => {
    const folded = foldEvents([event('Started', 'Start initiated with VirtualMachineOperation', 60), event('Started', 'Start initiated by controller for Manual policy', 59), event('Started', 'Start initiated with VirtualMachineOperation', 900)]);
    assert.equal(folded.length, 1);
    assert.equal(foldEvents([event('Failed', 'one', 60, { type: 'Warning' }), event('Failed', 'another', 60, { type: 'Warning' })]).length, 2, 'warnings are never hidden');
  });

  it('whose words mislead have ours, and a success is no warning', () => {
    const [restart] = foldEvents([event('RestartAwaitingChanges', 'The virtual machine configuration successfully synced', 5)]);
    assert.equal(restart?.message, 'Changes wait for a restart.');
    assert.equal(foldEvents([event('VirtualMachineOperationSucceeded', 'done', 5, { type: 'Warning' })])[0]?.isWarning, false);
  });

  it('are those of the object and not of an earlier one of the same name', () => {
    const view = new FakeView([event('Started', 'now', 5), event('Started', 'before', 500, { uid: 'uid-of-another' })]);
    assert.deepEqual(eventsOf(machine('web', 'Running'), 'VirtualMachine', view)?.map(({ message }) => message), ['now']);
  });

  it('that nobody watches are not known, which is not none', () => {
    assert.equal(eventsOf(machine('web', 'Running'), 'VirtualMachine', new FakeView([], { states: { Event: { phase: 'unlisted' } } })), undefined);
  });
});
