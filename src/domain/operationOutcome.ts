import { t } from '@vscode/l10n';
import { conditionOf, phaseOf } from './kubeObject';
import type { KubeObject } from './kubeObject';
import { knownKind } from './kinds/index';
import { progressOf } from './summary';
import { entryOf } from './values';

/** How far a `VirtualMachineOperation` has come. */
export type OperationOutcome =
  /** `text`: what is going on, in our words where we have some, else in the platform's. */
  | { readonly state: 'running'; readonly text: string }
  | { readonly state: 'done' }
  /** `message`: the platform's own words; `next`: what to do, where it is known. */
  | { readonly state: 'failed'; readonly message: string; readonly next: string | undefined };

/** Reads phase and the condition `Completed`, which holds the reason of a failure (virtualization v1.10). */
export function outcomeOf(operation: KubeObject): OperationOutcome {
  const completed = conditionOf(operation, 'Completed');
  const message = completed?.message?.trim() || undefined;
  const phase = phaseOf(operation);
  const help = entryOf(knownKind('VirtualMachineOperation')?.conditions['Completed']?.reasons, completed?.reason);
  if (phase === 'Completed') {
    return { state: 'done' };
  }
  if (phase === 'Failed' || phase === 'Superseded') {
    return { state: 'failed', message: message ?? completed?.reason ?? phase, next: help?.next === undefined ? undefined : t(help.next) };
  }
  return { state: 'running', text: [...(help ? [t(help.meaning), help.next && t(help.next)] : [ownWords(phase, message)]), progressOf(operation)].filter(Boolean).join(' ') };
}

function ownWords(phase: string | undefined, message: string | undefined): string {
  return [phase ?? t('waits for the platform'), message].filter(Boolean).join(' · ');
}
