import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import { operations } from '../../../../src/domain/operations';
import { kinds } from '../../../../src/domain/kinds/index';
import { FakeView, served } from '../fakeView';
import { machine } from '../objects';

const web = machine('web', 'Running', { status: { nodeName: 'a' } });
const db = machine('db', 'Running', { status: { nodeName: 'b' } });
const node = (name: string, spec: object = {}): KubeObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': `${name}.example` } }, spec });
const [input] = operations['vm.migrateTo'].inputs ?? [];

test('the node that was chosen is asked for by the label that names it; force is asked for as such', () => {
  const view = new FakeView();
  assert.deepEqual(operations['vm.migrateTo'].request(web, 'abcde', view, { node: 'b.example' }).object.spec, { type: 'Migrate', virtualMachineName: 'web', migrate: { nodeSelector: { 'kubernetes.io/hostname': 'b.example' } } });
  assert.deepEqual(operations['vm.forceMigrate'].request(web, 'abcde', view, {}).object.spec, { type: 'Migrate', virtualMachineName: 'web', force: true });
});

test('nodes are offered with what speaks against them; the one where the machine is cannot be chosen', () => {
  const choices = input?.choices([web], new FakeView([web, db, node('a'), node('b'), node('c', { unschedulable: true })]));
  assert.deepEqual(choices?.map(({ value, because }) => [value, because]), [['b.example', undefined], ['a.example', '"web" is there already.'], ['c.example', 'The node is closed for new machines.']]);
});

test('for several machines a node is impossible only when it is so for all of them', () => {
  const choices = input?.choices([web, db], new FakeView([web, db, node('a'), node('b')]));
  assert.deepEqual(choices?.map(({ label, detail, because }) => [label, detail, because]), [['b', 'db: "db" is there already.', undefined], ['a', 'web: "web" is there already.', undefined]]);
});

test('without the right to read nodes the answer is typed', () => {
  assert.equal(input?.choices([web], new FakeView([web], { states: { Node: { phase: 'failed', problem: { reason: 'forbidden', message: '' } } } })), undefined);
});

test('force is refused with the policy as the reason', () => {
  const applies = operations['vm.forceMigrate'].applies(machine('web', 'Running', { spec: { liveMigrationPolicy: 'AlwaysSafe' } }), new FakeView());
  assert.ok(applies !== true && applies.because.includes('AlwaysSafe'));
});

test('the consequence is said in words before it is sent', () => {
  assert.match(operations['vm.forceMigrate'].confirm?.(web, {}) ?? '', /slows its processors down/);
  assert.match(operations['vm.migrateTo'].confirm?.(web, { node: 'b' }) ?? '', /to the node "b"/);
});

test('a module that has no "Migrate" evicts instead, without force and without a choice of the node', () => {
  const old = new FakeView([web], { without: ['VirtualMachineSnapshotOperation'], further: [{ ...served(kinds.VirtualMachine), id: 'VirtualMachineRestore' }] });
  assert.notEqual(operations['vm.migrate'].applies(web, old), true);
  assert.equal(operations['vm.evict'].applies(web, old), true);
  assert.deepEqual(operations['vm.evict'].request(web, 'abcde', old, {}).object.spec, { type: 'Evict', virtualMachineName: 'web' });
  assert.notEqual(operations['vm.forceMigrate'].applies(web, old), true);
  assert.notEqual(operations['vm.migrateTo'].applies(web, old), true);
});
