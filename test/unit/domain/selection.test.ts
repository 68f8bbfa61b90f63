import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareNames, grouped, selected, sorted } from '../../../src/domain/selection';
import { machine, nowMs } from './objects';

describe('names', () => {
  it('stand as people count', () => {
    assert.deepEqual(['web-10', 'web-2', 'web', 'web-2a', 'db-01', 'web-02', 'db-1'].sort(compareNames), ['db-01', 'db-1', 'web', 'web-02', 'web-2', 'web-2a', 'web-10']);
  });

  it('are ordered without contradiction', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '0', '1', '9'), maxLength: 6 });
    fc.assert(fc.property(name, name, name, (a, b, c) => {
      assert.equal(Math.sign(compareNames(a, b)), -Math.sign(compareNames(b, a)) || 0);
      assert.equal(compareNames(a, b) === 0, a === b);
      if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) {
        assert.ok(compareNames(a, c) <= 0);
      }
    }));
  });
});

describe('what is derived from a list', () => {
  const list = [machine('web-2', 'Running', { namespace: 'x' }), machine('web-1', 'Stopped', { namespace: 'y' })];

  it('is kept with the list', () => {
    assert.equal(selected(list, { filter: 'web-1' }), selected(list, { filter: 'web-1' }));
    assert.equal(grouped(list, 'namespace'), grouped(list, 'namespace'));
    assert.equal(sorted(list, 'health', nowMs), sorted(list, 'health', nowMs + 500));
    assert.equal(selected(list, { filter: ' ' }), list);
  });

  it('follows what was asked, the list and the time', () => {
    assert.notDeepEqual(selected(list, { filter: 'web-1' }), selected(list, { filter: 'web-2' }));
    assert.notEqual(grouped(list, 'namespace'), grouped([...list], 'namespace'));
    assert.notEqual(sorted(list, 'health', nowMs), sorted(list, 'health', nowMs + 2_000));
    assert.notEqual(sorted(list, 'health', nowMs + 2_000), sorted(list, 'name', nowMs + 2_000));
  });

  it('does not touch the list itself', () => {
    sorted(list, 'name', nowMs);
    assert.deepEqual(list.map(({ metadata }) => metadata.name), ['web-2', 'web-1']);
  });
});
