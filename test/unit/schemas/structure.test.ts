import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { compareSchemas } from '../../../scripts/schemas/compare';
import { formatJson } from '../../../scripts/schemas/format';
import { readDefinitions, withoutWordsIn } from '../../../scripts/schemas/structure';
import { kinds } from '../../../src/domain/kinds/index';
import { moduleNames, modules, reference, schemaFiles, schemasFolder, skipWithoutReference } from './files';

/** Kinds that a module does not have; every other kind has a schema there. */
const absent: Readonly<Record<string, readonly string[]>> = {
  '1.10': ['VirtualMachineRestore'],
  '0.17': ['VirtualMachineSnapshotOperation', 'VirtualMachineMACAddress', 'VirtualMachineMACAddressLease', 'VirtualMachinePool', 'USBDevice', 'NodeUSBDevice'],
};

for (const module of moduleNames) {
  const bare = () => new Map([...schemaFiles(module)].map(([plural, file]) => [plural, withoutWordsIn(file)]));

  test(`${module}: the structure is that of the platform's CRDs`, { skip: skipWithoutReference }, () => {
    assert.deepEqual(compareSchemas(readDefinitions(path.join(reference, 'crds', modules[module])), bare()), []);
  });

  test(`${module}: every kind has a schema under its own names`, () => {
    const found = [...schemaFiles(module).values()];
    const expected = Object.values(kinds).filter(({ name }) => !absent[module]?.includes(name));
    assert.deepEqual(found.map(({ names }) => names.kind).sort(), expected.map(({ name }) => name).sort());
    for (const file of found) {
      const kind = Object.values(kinds).find(({ name }) => name === file.names.kind);
      assert.deepEqual(
        { plural: kind?.plural, group: kind?.group, namespaced: kind?.namespaced },
        { plural: file.names.plural, group: file.group, namespaced: file.scope === 'Namespaced' },
      );
      assert.deepEqual(file.versions.map(({ name }) => name).filter((name) => !kind?.versions.includes(name)), [], file.names.kind);
      assert.equal(file.versions.filter(({ storage }) => storage).length, 1, file.names.kind);
    }
  });

  test(`${module}: a difference in structure is reported with its place and both values`, () => {
    const changed = bare();
    const disk = changed.get('virtualdisks');
    assert.ok(disk);
    changed.set('virtualdisks', { ...disk, names: { ...disk.names, shortNames: ['x'] } });
    changed.delete('virtualmachines');
    const found = compareSchemas(bare(), changed);
    assert.deepEqual(found[0], { path: 'virtualdisks.names.shortNames[0]', expected: '"vd"', found: '"x"' });
    assert.deepEqual(found.at(-1)?.path, 'virtualmachines');
    assert.equal(found.at(-1)?.found, undefined);
  });
}

test('all 80 CEL rules are there', () => {
  const rules = moduleNames.map((module) => JSON.stringify([...schemaFiles(module).values()]).match(/"rule":/g)?.length);
  assert.deepEqual(rules, [53, 27]);
});

test('every schema file is written in the one format', () => {
  for (const name of readdirSync(schemasFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))) {
    const text = readFileSync(path.join(schemasFolder, name), 'utf8');
    assert.equal(text, formatJson(JSON.parse(text)), name);
  }
});
