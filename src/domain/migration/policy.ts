import { t } from '@vscode/l10n';
import type { KubeObject } from '../kubeObject';
import { stringAt } from '../values';

/** Policy of a machine that names none (virtualization v1.10). */
const usual = 'PreferSafe';

/** The live migration policy of a machine, the platform's default where it names none. */
export function policyOf(machine: KubeObject): string {
  return stringAt(machine, 'spec.liveMigrationPolicy') ?? usual;
}

/** What the policy does when nobody says otherwise, and what it allows; `undefined` for a policy that nobody has heard of. */
export function policyText(policy: string): string | undefined {
  switch (policy) {
    case 'AlwaysSafe': return t('The guest is never slowed down. If it writes faster than memory is copied, the migration fails.');
    case 'PreferSafe': return t('The guest is not slowed down unless the migration is started with force.');
    case 'AlwaysForced': return t('The guest is always slowed down as much as the migration needs.');
    case 'PreferForced': return t('The guest is slowed down as much as the migration needs, unless force is switched off.');
    default: return undefined;
  }
}

/** Whether slowing the guest down may be asked for, and makes a difference: `true`, or why not. */
export function forceApplies(machine: KubeObject): true | { readonly because: string } {
  const policy = policyOf(machine);
  switch (policy) {
    case 'AlwaysSafe': return { because: t('The live migration policy of "{0}" is AlwaysSafe, which forbids force. Change "liveMigrationPolicy" first.', machine.metadata.name) };
    case 'AlwaysForced': case 'PreferForced': return { because: t('The live migration policy of "{0}" is {1}: it is migrated with force anyway.', machine.metadata.name, policy) };
    default: return true;
  }
}
