import { conditionOf, phaseOf } from './kubeObject';
import type { KubeObject } from './kubeObject';
import { knownKind } from './kinds/index';

/** How far a `VirtualMachineOperation` has come. */
export type OperationOutcome =
  | { readonly state: 'running'; /** Its phase, `undefined` before it has one. */ readonly phase: string | undefined; readonly message: string | undefined }
  | { readonly state: 'done' }
  /** `message`: the platform's own words; `next`: what to do, where it is known. */
  | { readonly state: 'failed'; readonly message: string; readonly next: string | undefined };

/** Reads phase and the condition `Completed`, which holds the reason of a failure (virtualization v1.10). */
export function outcomeOf(operation: KubeObject): OperationOutcome {
  const completed = conditionOf(operation, 'Completed');
  const message = completed?.message?.trim() || undefined;
  const phase = phaseOf(operation);
  if (phase === 'Completed') {
    return { state: 'done' };
  }
  if (phase === 'Failed' || phase === 'Superseded') {
    const help = knownKind('VirtualMachineOperation')?.conditions['Completed']?.reasons?.[completed?.reason ?? ''];
    return { state: 'failed', message: message ?? completed?.reason ?? phase, next: help?.next };
  }
  return { state: 'running', phase, message };
}
