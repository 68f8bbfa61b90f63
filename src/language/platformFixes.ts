import { t } from '@vscode/l10n';
import { mostCores, possibleCores, topologyOf } from '../domain/topology';
import type { Path } from '../domain/values';
import { stringAt } from '../domain/values';
import type { Subject } from './check';
import type { Fix } from './edits';
import { removeField, setScalar } from './edits';
import { policiesOf, policyFor } from './rules/machineSizing';
import { valueOf } from './values';

/** How to mend what the platform's admission refuses; empty where people have to decide. */
export function platformFixes(code: string, subject: Subject, path: Path): readonly Fix[] {
  const { manifest } = subject;
  const value = valueOf(manifest.value, path);
  const change = (text: string): Fix => ({ title: t('Change to "{0}"', text), changes: [setScalar(manifest, path, text)] });
  if (path.at(-1) === 'cores' && typeof value === 'number') {
    return allowedCores(subject, value).map((cores) => change(String(cores)));
  }
  return code === 'platform/reserved-key' ? [{ title: t('Remove "{0}"', String(path.at(-1))), changes: [removeField(manifest, path)] }] : [];
}

/** The nearest counts that can be laid out and that the class allows, at most two; more rather than less where both are as near. */
function allowedCores({ object, facts }: Subject, wanted: number): readonly number[] {
  const name = stringAt(object, 'spec.virtualMachineClassName');
  const machineClass = name === undefined ? undefined : facts.get('VirtualMachineClass', name);
  const policies = machineClass ? policiesOf(machineClass) : [];
  if (policies.length === 0) {
    return possibleCores(wanted).toReversed();
  }
  const isAllowed = (cores: number) => {
    const policy = policyFor(policies, cores);
    return policy !== undefined && (policy.coreStep === undefined || cores === policy.maxCores || (cores - policy.minCores) % policy.coreStep === 0);
  };
  const counts = Array.from({ length: mostCores }, (_, index) => index + 1).filter((cores) => topologyOf(cores) && isAllowed(cores));
  return counts.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || b - a).slice(0, 2);
}
