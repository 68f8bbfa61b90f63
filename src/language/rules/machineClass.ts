import { isRecord } from '../../domain/kubeObject';
import { listAt, numberAt, stringAt, valueAt } from '../../domain/values';
import type { AdmissionRule, Outcome } from '../rule';

const defaultClassKey = 'virtualmachineclass.virtualization.deckhouse.io/is-default-class';

/** Fractions are plain texts in the schema of v1alpha3; the webhook converts the class to v1alpha2 first. */
export const classFractions: AdmissionRule = {
  code: 'platform/core-fraction',
  *check({ object }): Iterable<Outcome> {
    const start = 'failed to convert v1alpha3 to v1alpha2: ';
    for (const [index, policy] of stringAt(object, 'apiVersion')?.endsWith('/v1alpha3') ? listAt(object, 'spec.sizingPolicies').entries() : []) {
      for (const [at, fraction] of listAt(policy, 'coreFractions').entries()) {
        if (typeof fraction === 'string' && !isPercent(fraction)) {
          yield { deny: `${start}spec.sizingPolicies[${index}].coreFractions[${at}]: coreFraction must be a percentage between 1% and 100% (e.g., 5%, 10%, 50%), got "${fraction}"`, path: ['spec', 'sizingPolicies', index, 'coreFractions', at] };
        }
      }
      const fraction = valueAt(policy, 'defaultCoreFraction');
      if (typeof fraction === 'string' && !isPercent(fraction)) {
        yield { deny: `${start}spec.sizingPolicies[${index}].defaultCoreFraction: value must be a percentage between 1% and 100% (e.g., 5%, 10%, 50%), got "${fraction}"`, path: ['spec', 'sizingPolicies', index, 'defaultCoreFraction'] };
      }
    }
  },
};

/** Ranges of cores that overlap. As on the platform, a range inside an earlier one is not noticed. */
export const overlappingPolicies: AdmissionRule = {
  code: 'platform/overlapping-policies',
  *check({ object }) {
    const ranges = listAt(object, 'spec.sizingPolicies').map((policy) => ({ min: numberAt(policy, 'cores.min'), max: numberAt(policy, 'cores.max') }));
    for (const [index, later] of ranges.entries()) {
      const holds = (cores: number | undefined) => cores !== undefined && later.min !== undefined && later.max !== undefined && cores >= later.min && cores <= later.max;
      if (ranges.slice(0, index).some((earlier) => holds(earlier.min) || holds(earlier.max))) {
        yield { deny: `vmclass ${stringAt(object, 'metadata.name') ?? ''} has size policy cpu crosses`, path: ['spec', 'sizingPolicies', index, 'cores'] };
      }
    }
  },
};

export const defaultClassAnnotation: AdmissionRule = {
  code: 'platform/default-class',
  *check({ object, facts }): Iterable<Outcome> {
    const annotations = valueAt(object, 'metadata.annotations');
    const value = isRecord(annotations) ? annotations[defaultClassKey] : undefined;
    const path = ['metadata', 'annotations', defaultClassKey];
    if (value === undefined) {
      return;
    }
    if (value !== 'true') {
      yield { deny: `only 'true' value allowed for annotation that specifies a default class (${defaultClassKey})`, path };
    }
    const other = facts.list('VirtualMachineClass')?.find((each) => each.metadata.annotations?.[defaultClassKey] === 'true' && each.metadata.name !== stringAt(object, 'metadata.name'));
    if (other) {
      yield { deny: `only one class can be default, ${other.metadata.name} is already the default class`, path };
    }
  },
};

export const defaultFraction: AdmissionRule = {
  code: 'platform/default-core-fraction',
  *check({ object }) {
    for (const [index, policy] of listAt(object, 'spec.sizingPolicies').entries()) {
      const fractions = listAt(policy, 'coreFractions');
      const fraction = valueAt(policy, 'defaultCoreFraction') ?? undefined;
      if (fraction !== undefined && fractions.length > 0 && !fractions.includes(fraction)) {
        yield {
          deny: `vmclass ${stringAt(object, 'metadata.name') ?? ''} sizingPolicy[${index}]: defaultCoreFraction ${percent(fraction)} is not in the allowed coreFractions list [${fractions.map(percent).join(' ')}]`,
          path: ['spec', 'sizingPolicies', index, 'defaultCoreFraction'],
        };
      }
    }
  },
};

function isPercent(text: string): boolean {
  return /^([1-9]|[1-9][0-9]|100)%$/.test(text);
}

function percent(fraction: unknown): string {
  return typeof fraction === 'number' ? `${fraction}%` : typeof fraction === 'string' ? fraction : '';
}
