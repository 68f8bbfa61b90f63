import type { AdmissionRule } from '../rule';
import { isUnchanged } from './unchanged';

/** Kinds whose objects do their work once: the spec never changes, labels may. */
export function frozenRule(kind: string): AdmissionRule {
  return {
    code: 'platform/frozen-spec',
    *check(situation) {
      if (situation.before && !isUnchanged(situation, 'spec')) {
        yield { deny: `${kind} is an idempotent resource: specification changes are not available`, path: ['spec'] };
      }
    },
  };
}
