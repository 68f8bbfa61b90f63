import { follow } from '../../../src/cluster/watch';
import type { Change, FollowOptions } from '../../../src/cluster/watch';
import type { KubeApi, Resource } from '../../../src/cluster/api';
import { keyOf } from '../../../src/domain/kubeObject';
import { until } from '../../until';

export const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };

/** What a follower has said so far and what it knows by it. */
export interface Followed {
  readonly changes: readonly Change[];
  /** Names of the objects that must exist now, sorted. */
  names(): readonly string[];
  /** Set once it has ended by itself. */
  readonly isOver: boolean;
  /** Waits for a condition. */
  until(isSo: () => boolean, what: string): Promise<unknown>;
  stop(): Promise<void>;
}

export function startFollowing(api: KubeApi, resource: Resource, options: Omit<FollowOptions, 'signal' | 'random'>): Followed {
  const ended = new AbortController();
  const changes: Change[] = [];
  const known = new Set<string>();
  const listed = new Set<string>();
  const state = { isOver: false };
  const run = async () => {
    for await (const change of follow(api, resource, { byPage: true, ...options, signal: ended.signal, random: () => 0 })) {
      changes.push(change);
      if (change.type === 'page' || change.type === 'listed') {
        if (change.type === 'page' ? change.isFirst : !change.isContinued) {
          listed.clear();
        }
        change.objects.forEach((object) => listed.add(keyOf(object.metadata)));
        if (change.type === 'listed') {
          known.clear();
          listed.forEach((key) => known.add(key));
        }
      } else if (change.type === 'set') {
        known.add(keyOf(change.object.metadata));
      } else if (change.type === 'deleted') {
        known.delete(keyOf(change.object.metadata));
      }
    }
    state.isOver = true;
  };
  const running = run();
  return {
    changes,
    names: () => [...known].map((key) => key.slice(key.indexOf('/') + 1)).filter((name) => name !== 'kube-root-ca.crt').sort(),
    get isOver() { return state.isOver; },
    until,
    stop: () => {
      ended.abort(new Error('The test is over'));
      return running;
    },
  };
}
