import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionsOf, keyOf, phaseOf, type KubeObject } from '../../../src/domain/kubeObject';
import { listAt, stringAt } from '../../../src/domain/values';
import { world } from '../../cluster/world';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const make = (module: '1.10' | '0.17', vms = 0, evacuating = 0) => [...world({ module, seed: 7, vms, evacuating, nowMs })];
const id = (object: KubeObject) => `${object.kind} ${keyOf(object.metadata)}`;

test('the same seed makes the same world', () => {
  assert.deepEqual(make('1.10', 20), make('1.10', 20));
});

test('names are unique and owners come before what they own', () => {
  const seen = new Map<string, string | undefined>();
  for (const object of make('1.10', 50, 60)) {
    assert.ok(!seen.has(id(object)), id(object));
    for (const owner of object.metadata.ownerReferences ?? []) {
      assert.equal(seen.get(`${owner.kind} ${keyOf({ name: owner.name, namespace: object.metadata.namespace })}`), owner.uid, id(object));
    }
    if (object.metadata.namespace !== undefined) {
      assert.ok(seen.has(`Namespace /${object.metadata.namespace}`), `namespace of ${id(object)}`);
    }
    seen.set(id(object), object.metadata.uid);
  }
});

test('the company has machines in every phase that lasts, and some forty of them', () => {
  const machines = make('1.10').filter((object) => object.kind === 'VirtualMachine');
  assert.ok(machines.length >= 38, String(machines.length));
  const phases = new Set(machines.map(phaseOf));
  for (const phase of ['Running', 'Pending', 'Starting', 'Stopped', 'Pause']) {
    assert.ok(phases.has(phase), phase);
  }
});

test('what a healthy machine refers to exists', () => {
  const objects = make('1.10', 10, 60);
  const ids = new Set(objects.map(id));
  for (const machine of objects.filter((object) => object.kind === 'VirtualMachine' && phaseOf(object) === 'Running')) {
    for (const device of listAt(machine.spec, 'blockDeviceRefs')) {
      assert.ok(ids.has(`${stringAt(device, 'kind')} ${machine.metadata.namespace}/${stringAt(device, 'name')}`), id(machine));
    }
    assert.ok(ids.has(`Node /${stringAt(machine.status, 'nodeName')}`), id(machine));
    assert.ok(ids.has(`VirtualMachineClass /${stringAt(machine.spec, 'virtualMachineClassName')}`), id(machine));
  }
});

test('a world for module 0.17 has nothing that came later', () => {
  const text = JSON.stringify(make('0.17'));
  for (const later of ['liveMigrationPolicy', 'lastStartTime', 'VirtualMachineMACAddressReady', 'v1alpha3', '"progress":"63%"']) {
    assert.ok(!text.includes(later), later);
  }
  assert.ok(conditionsOf(make('0.17').find((object) => object.kind === 'VirtualMachine')!).length > 0);
});
