import type { AdmissionRule } from '../rule';
import { hasSameSpec } from './machineDevices';

/** Kinds whose objects do their work once: the spec never changes, labels may. */
export function frozenRule(kind: string): AdmissionRule {
  return {
    code: 'platform/frozen-spec',
    *check(situation) {
      if (situation.before && !hasSameSpec(situation)) {
        yield { deny: `${kind} is an idempotent resource: specification changes are not available`, path: ['spec'] };
      }
    },
  };
}
