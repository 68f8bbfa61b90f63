import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { compare } from './compare';
import { deriveAll, recordings } from './derive';
import type { History } from './transitions';

const file = path.join(import.meta.dirname, 'recorded.json');
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, History>>;
const migration = recorded['03c-migrate-success']!;

describe('the comparison with the recordings', () => {
  it('accepts what was recorded', () => {
    for (const [name, histories] of Object.entries(recorded)) {
      compare(name, histories);
    }
  });

  it('notices an object that never was', () => {
    assert.throws(() => compare('03c-migrate-success', { ...migration, 'VirtualMachineOperation/db-migrate': [] }), /db-migrate phase/);
  });

  it('notices a phase that was skipped', () => {
    const history = migration['VirtualMachineOperation/db-migrate']!.map((burst) => burst.map((changes) => (changes['phase'] === 'InProgress' ? { ...changes, phase: 'Completed' } : changes)));
    assert.throws(() => compare('03c-migrate-success', { ...migration, 'VirtualMachineOperation/db-migrate': history }), /recorded Pending → InProgress → Completed/);
  });

  it('notices another reason', () => {
    const history = JSON.parse(JSON.stringify(migration['VirtualMachine/db']).replaceAll('False/GuestNotRunning', 'False/PodNotStarted')) as History;
    assert.throws(() => compare('03c-migrate-success', { ...migration, 'VirtualMachine/db': history }), /VirtualMachine\/db Running/);
  });

  it('notices states that rest in another order, even where every sequence is right', () => {
    const history = migration['VirtualMachine/db']!;
    const late = history.map((burst) => burst.map(({ phase, ...rest }) => (phase === 'Starting' ? rest : { ...rest, ...(phase === undefined ? {} : { phase }) })));
    const moved = late.map((burst) => (burst.some((changes) => changes['Running'] === 'True/Running') ? [{ phase: 'Starting' }, ...burst] : burst));
    assert.throws(() => compare('03c-migrate-success', { ...migration, 'VirtualMachine/db': moved }), /never was, after the states before it/);
  });

  it('is held against what the recordings say', { skip: existsSync(recordings) ? false : `the recordings are not at ${recordings}` }, () => {
    assert.deepEqual(deriveAll(recordings), recorded);
  });
});
