import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { possibleCores, topologyOf } from '../../../src/domain/topology';
import { recordedFile } from './recorded';

describe('CPU topology', () => {
  it('spreads cores over sockets', () => {
    assert.deepEqual(topologyOf(16), { sockets: 1, coresPerSocket: 16 });
    assert.deepEqual(topologyOf(18), { sockets: 2, coresPerSocket: 9 });
    assert.deepEqual(topologyOf(64), { sockets: 4, coresPerSocket: 16 });
    assert.deepEqual(topologyOf(72), { sockets: 8, coresPerSocket: 9 });
    assert.deepEqual(topologyOf(248), { sockets: 8, coresPerSocket: 31 });
  });

  it('knows the possible neighbours of an impossible number', () => {
    assert.deepEqual(possibleCores(17), [16, 18]);
    assert.deepEqual(possibleCores(66), [64, 72]);
    assert.deepEqual(possibleCores(300), [248]);
    assert.deepEqual(possibleCores(0), [1]);
    assert.deepEqual(possibleCores(18), [18]);
  });

  const file = recordedFile('admission/cores.json');
  it('agrees with the recorded verdict for every number of cores', { skip: file === undefined && 'the recordings are not here' }, () => {
    const verdicts = Object.entries(JSON.parse(file ?? '{}') as Record<string, string>);
    assert.ok(verdicts.length > 200);
    for (const [cores, verdict] of verdicts) {
      assert.equal(topologyOf(Number(cores)) !== undefined, verdict === 'allowed', cores);
    }
  });
});
