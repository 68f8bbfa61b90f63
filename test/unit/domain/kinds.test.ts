import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kindId, kinds, knownKind } from '../../../src/domain/kinds/index';
import { operations } from '../../../src/domain/operations';
import { recordedFile } from './recorded';

interface Seen { readonly kind: string; readonly type: string; readonly status: string; readonly reason: string; readonly phases: readonly string[] }

/** The condition tables of the recorded inventory. */
function inventory(text: string): readonly Seen[] {
  let kind = '';
  return text.split('\n').flatMap((line): Seen[] => {
    kind = /^## (\w+)/.exec(line)?.[1] ?? kind;
    const cells = line.split('|').map((cell) => cell.trim());
    const [, type = '', status = '', reason = '', phases = ''] = cells;
    return knownKind(kind) && ['True', 'False', 'Unknown'].includes(status) ? [{ kind, type, status, reason, phases: phases.split(', ').filter((phase) => /^[A-Z]/.test(phase)) }] : [];
  });
}

describe('kinds', () => {
  it('are known by group and name', () => {
    assert.equal(kindId('virtualization.deckhouse.io', 'VirtualMachine'), 'VirtualMachine');
    assert.equal(kindId('example.org', 'VirtualMachine'), 'VirtualMachine.example.org');
    assert.equal(kindId('', 'Secret'), 'Secret');
  });

  it('refer to kinds that are known, each path once', () => {
    for (const { id, references } of Object.values(kinds)) {
      const paths = references.map(({ path }) => path);
      assert.equal(new Set(paths).size, paths.length, id);
      for (const { to } of references) {
        for (const target of typeof to === 'string' ? [to] : to.kinds) {
          assert.ok(knownKind(target), `${id} refers to ${target}`);
        }
      }
    }
  });

  it('have operations that exist, and all of them can be deleted', () => {
    for (const { id, operations: ids } of Object.values(kinds)) {
      assert.ok(ids.every((operation) => Object.hasOwn(operations, operation)), id);
      assert.ok(ids.includes('object.delete'), id);
    }
  });

  it('explain conditions in short sentences: a meaning, a next step, a brief of at most five words', () => {
    for (const { id, conditions } of Object.values(kinds)) {
      for (const [type, help] of Object.entries(conditions)) {
        for (const [reason, { meaning, next, brief, health }] of Object.entries(help.reasons ?? {})) {
          const place = `${id} ${type} ${reason}`;
          assert.match(meaning, /^[A-Z].*\.$/, place);
          assert.match(next ?? 'None.', /^[A-Z].*\.$/, place);
          assert.ok((brief ?? 'x').split(' ').length <= 5 && !/[.!]$/.test(brief ?? 'x'), `${place}: ${brief}`);
          assert.ok(health === undefined || brief !== undefined, `${place} changes the health without a word`);
        }
      }
    }
  });

  const text = recordedFile('behaviour/inventory.md');
  describe('know what was recorded', { skip: text === undefined && 'the recordings are not here' }, () => {
    const seen = inventory(text ?? '');

    it('every reason has an explanation', () => {
      assert.ok(seen.length > 130, `only ${seen.length} conditions were found`);
      const missing = seen.filter(({ kind, type, status, reason }) => status !== 'Unknown' && !knownKind(kind)?.conditions[type]?.reasons?.[reason]);
      assert.deepEqual(missing.map(({ kind, type, reason }) => `${kind} ${type} ${reason}`), []);
    });

    it('every phase has a health', () => {
      const missing = seen.flatMap(({ kind, phases }) => phases.filter((phase) => !Object.hasOwn(knownKind(kind)?.phases ?? {}, phase)).map((phase) => `${kind} ${phase}`));
      assert.deepEqual([...new Set(missing)], []);
    });
  });
});
