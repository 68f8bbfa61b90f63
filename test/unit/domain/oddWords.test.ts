import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attentionOf } from '../../../src/domain/attention';
import { describe } from '../../../src/domain/describe';
import { foldEvents } from '../../../src/domain/events';
import { explain } from '../../../src/domain/explain';
import { judge } from '../../../src/domain/health';
import type { KindName } from '../../../src/domain/kind';
import { kinds } from '../../../src/domain/kinds/index';
import { splitMessage } from '../../../src/domain/migration/counters';
import { stageOf } from '../../../src/domain/migration/stages';
import { type Operation, operations } from '../../../src/domain/operations';
import { tooltipOf } from '../../../src/domain/tooltip';
import { FakeView } from './fakeView';
import { condition, nowMs, object } from './objects';

/** Words that every JavaScript object knows without having been told. */
for (const word of ['constructor', 'toString', '__proto__', 'valueOf']) {
  test(`an object, phase, condition, reason or Event that is called "${word}" is one of which nothing is known`, () => {
    for (const kind of Object.keys(kinds) as KindName[]) {
      const types = [word, 'Ready', 'Running', 'Migratable', 'Completed', ...Object.keys(kinds[kind].conditions)];
      const odd = object(kind, {
        name: word, namespace: word, metadata: { labels: { [word]: word } },
        spec: { type: word, runPolicy: word, liveMigrationPolicy: word, virtualMachineName: word, blockDeviceRefs: [{ kind: word, name: word }] },
        status: { phase: word, conditions: types.map((type) => condition(type, 'False', word)) },
      });
      const event = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'event', namespace: word }, reason: word, message: 'Said.', involvedObject: { kind, name: word, namespace: word } };
      const view = new FakeView([odd, event]);
      const { health } = judge(odd, nowMs);
      assert.equal(typeof health, 'string');
      assert.ok(explain(odd).every(({ meaning, next }) => typeof meaning === 'string' && ['string', 'undefined'].includes(typeof next)));
      assert.equal(explain(odd).find(({ condition: { type } }) => type === word)?.isGood, undefined);
      assert.deepEqual(foldEvents([event]).map(({ message }) => message), ['Said.']);
      assert.ok(attentionOf(view, nowMs).every(({ fromMs }) => Number.isFinite(fromMs)));
      for (const text of [describe(odd, view, nowMs), tooltipOf(odd, view, nowMs)]) {
        assert.doesNotMatch(text, /native code|\[object/);
      }
      for (const operation of Object.values<Operation>(operations)) {
        operation.applies(odd, view);
        operation.confirm?.(odd, {});
      }
    }
    assert.equal(stageOf('InProgress', word), 'other');
    assert.equal(splitMessage(`${word}=1`).counters, undefined);
  });
}
