import { t } from '@vscode/l10n';
import { parseQuantity } from '../../domain/quantity';
import { listAt, stringAt, valueAt } from '../../domain/values';
import type { Check } from '../check';

/** Left out, these are accepted by schema and admission alike, and the object then has nothing to do. */
export const nothingNamed: Check = {
  code: 'advice/nothing-named',
  severity: 'warning',
  *check({ object, identity }) {
    if (identity.id === 'VirtualMachineBlockDeviceAttachment') {
      for (const field of ['kind', 'name']) {
        if (!stringAt(object, `spec.blockDeviceRef.${field}`)) {
          yield { path: ['spec', 'blockDeviceRef', field], message: t('Without "{0}" nothing is attached.', `blockDeviceRef.${field}`) };
        }
      }
    }
    if (identity.id === 'VirtualMachineSnapshotOperation' && stringAt(object, 'spec.type') === 'CreateVirtualMachine' && (valueAt(object, 'spec.createVirtualMachine') ?? null) === null) {
      yield { path: ['spec', 'createVirtualMachine'], message: t('Without "{0}" the platform does not know what to create.', 'createVirtualMachine') };
    }
  },
};

/** Amounts of memory that no machine can have; cores are the schema's. */
export const emptyRange: Check = {
  code: 'advice/empty-range',
  severity: 'warning',
  *check({ object, identity }) {
    for (const [index, policy] of identity.id === 'VirtualMachineClass' ? listAt(object, 'spec.sizingPolicies').entries() : []) {
      for (const field of ['memory', 'memory.perCore']) {
        const [min, max] = ['min', 'max'].map((bound) => parseQuantity(valueAt(policy, `${field}.${bound}`)));
        if (min && max && min.nano > max.nano) {
          yield { path: ['spec', 'sizingPolicies', index, ...field.split('.'), 'min'], message: t('No machine fits: the minimum is larger than the maximum.') };
        }
      }
    }
  },
};
