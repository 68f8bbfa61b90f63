import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { attentionOf } from '../../../src/domain/attention';
import { attentionRoot } from '../../../src/domain/attentionTree';
import { describe as describeObject } from '../../../src/domain/describe';
import { healthOf, kindOf } from '../../../src/domain/health';
import { groupOf, kindId, knownKind } from '../../../src/domain/kinds/index';
import { type KubeObject, isRecord, phaseOf } from '../../../src/domain/kubeObject';
import { operations } from '../../../src/domain/operations';
import { tooltipOf } from '../../../src/domain/tooltip';
import { childrenOf } from '../../../src/domain/tree';
import { rowOf } from '../../../src/domain/treeRow';
import type { TreeInput, TreeNode } from '../../../src/domain/treeNode';
import { FakeView } from './fakeView';
import { treeOf } from './outline';
import { recordedFile, recordings, typicalObjects } from './recorded';

const skip = recordedFile('behaviour/statuses.yaml') === undefined && 'the recordings are not here';
const lateMs = Date.parse('2027-01-01T00:00:00Z');

function objectsIn(yaml: string): readonly KubeObject[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as unknown).filter((found): found is KubeObject => isRecord(found) && typeof found['kind'] === 'string' && isRecord(found['metadata']));
}

/** Shows everything that can be shown of an object. */
function show(object: KubeObject, view: FakeView, nowMs: number): void {
  tooltipOf(object, view, nowMs);
  describeObject(object, view, nowMs);
  for (const id of kindOf(object)?.operations ?? []) {
    operations[id].applies(object, view);
    operations[id].command(object);
    operations[id].request(object, 'abcde', view, {});
  }
}

/** All rows of the tree, unfolded; checks that ids are unique and every line says something. */
function walk(input: TreeInput, node?: TreeNode, ids = new Set<string>()): Set<string> {
  for (const child of childrenOf(node, input)) {
    assert.ok(!ids.has(child.id), `two rows have the id ${child.id}`);
    ids.add(child.id);
    const row = rowOf(child, input);
    assert.ok(row.label !== '' && !/undefined|null|NaN|\[object/.test(`${row.label} ${row.description} ${row.accessibleLabel ?? ''}`), `${child.id}: ${row.label} ${row.description}`);
    walk(input, child, ids);
  }
  return ids;
}

function checkHealth(object: KubeObject, nowMs: number): void {
  const kind = kindOf(object);
  if (kind && (phaseOf(object) ?? '') in kind.phases) {
    assert.notEqual(healthOf(object, nowMs), 'unknown', `${object.kind} ${phaseOf(object)}`);
  }
}

describe('what the platform wrote', { skip }, () => {
  for (const [name, yaml] of [['statuses', recordedFile('behaviour/statuses.yaml')], ['typical objects', typicalObjects()]] as const) {
    it(`can be shown: ${name}`, () => {
      const objects = objectsIn(yaml ?? '');
      assert.ok(objects.length > 30);
      const view = new FakeView(objects);
      for (const object of objects) {
        checkHealth(object, lateMs);
        show(object, view, lateMs);
      }
      for (const groupBy of ['none', 'namespace', 'node', 'class', 'phase', { label: 'app' }] as const) {
        walk(treeOf(view, { groupBy, nowMs: lateMs }));
      }
      walk(treeOf(view, { nowMs: lateMs }), attentionRoot);
    });
  }

  for (const name of recordings()) {
    it(`can be watched: ${name}`, () => {
      const view = new FakeView();
      let nowMs = 0;
      let last: KubeObject | undefined;
      for (const line of (recordedFile(`behaviour/recordings/${name}`) ?? '').split('\n').filter(Boolean)) {
        const entry = JSON.parse(line) as { t: number; type: string; object?: KubeObject };
        if (!entry.object?.metadata) {
          continue;
        }
        const { object } = entry;
        if (entry.type === 'DELETED') {
          view.delete(object);
        } else {
          view.set(object);
        }
        nowMs = Math.max(nowMs, Date.parse(object.metadata.creationTimestamp ?? '') + 60_000 || 0);
        checkHealth(object, nowMs);
        if (knownKind(kindId(groupOf(object.apiVersion), object.kind)) && object.kind !== 'Event') {
          show(object, view, nowMs);
          last = object;
        }
        if (last && entry.type !== 'MODIFIED') {
          attentionOf(view, nowMs);
        }
      }
      assert.ok(last, 'the recording holds objects');
      walk(treeOf(view, { groupBy: 'namespace', nowMs }));
    });
  }
});
