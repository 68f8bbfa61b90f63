import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { everywhere, Store } from '../../../src/cluster/store';
import type { KubeObject } from '../../../src/domain/kubeObject';

const name = fc.constantFrom('a', 'b', 'c');
const namespace = fc.constantFrom('one', 'two');
const device = fc.record({ kind: fc.constantFrom('VirtualDisk', 'VirtualImage', 'ClusterVirtualImage'), name });
const machine = fc.record({ name, namespace, devices: fc.array(device, { maxLength: 3 }), className: name });
const step = fc.oneof(fc.record({ set: machine }), fc.record({ remove: fc.record({ name, namespace }) }), fc.record({ ask: fc.record({ device, namespace }) }));

type Machine = { name: string; namespace: string; devices: { kind: string; name: string }[]; className: string };
let version = 0;
const objectOf = ({ name: own, namespace: home, devices, className }: Machine): KubeObject => ({
  apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachine', metadata: { name: own, namespace: home, resourceVersion: String(++version) },
  spec: { blockDeviceRefs: devices, virtualMachineClassName: className },
});

test('the index of references agrees with a look at every object, whatever is set, replaced, deleted and asked in between', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const store = new Store((error) => { throw error; });
    store.follow('VirtualMachine', [everywhere]);
    store.apply('VirtualMachine', everywhere, { type: 'listed', objects: [] });
    const model = new Map<string, Machine>();
    const ask = (kind: string, wanted: string, home: string | undefined) => {
      const expected = [...model.values()].filter((vm) => (home === undefined || kind === 'VirtualMachineClass' || kind === 'ClusterVirtualImage' || vm.namespace === home)
        && (kind === 'VirtualMachineClass' ? vm.className === wanted : vm.devices.some((d) => d.kind === kind && d.name === wanted)));
      const found = store.referring('VirtualMachine', kind, wanted, home) ?? [];
      assert.deepEqual(found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort(), expected.map((vm) => `${vm.namespace}/${vm.name}`).sort());
    };
    for (const one of steps) {
      if ('set' in one) {
        model.set(`${one.set.namespace}/${one.set.name}`, one.set);
        store.apply('VirtualMachine', everywhere, { type: 'set', object: objectOf(one.set) });
      } else if ('remove' in one) {
        model.delete(`${one.remove.namespace}/${one.remove.name}`);
        store.apply('VirtualMachine', everywhere, { type: 'deleted', object: objectOf({ ...one.remove, devices: [], className: '' }) });
      } else {
        ask(one.ask.device.kind, one.ask.device.name, one.ask.namespace);
      }
    }
    for (const kind of ['VirtualDisk', 'VirtualImage', 'ClusterVirtualImage', 'VirtualMachineClass']) {
      ask(kind, 'a', 'one');
    }
  }));
});
