import type { Health } from './kind';
import { knownKind } from './kinds/index';
import type { KubeObject } from './kubeObject';
import { phaseOf } from './kubeObject';

/** How an object is doing, judged from its phase. */
export function healthOf(object: KubeObject, _nowMs: number): Health {
  if (object.metadata.deletionTimestamp !== undefined) {
    return 'busy';
  }
  return knownKind(object.kind)?.phases[phaseOf(object) ?? ''] ?? 'unknown';
}
