import { stringAt, valueAt } from '../../domain/values';
import { byteLength } from '../names';
import { byBytes } from '../goText';
import { isObject, type JsonObject } from '../prune';
import type { AdmissionRule } from '../rule';

/** Longest name of a machine, in bytes; virtualization v1.10. */
const longestName = 63;

export const machineNameTooLong: AdmissionRule = {
  code: 'platform/machine-name-too-long',
  *check({ object, before }) {
    const name = stringAt(object, 'metadata.name') ?? '';
    if (!before && byteLength(name) > longestName) {
      yield { deny: `the VirtualMachine name "${name}" is too long: it must be no more than ${longestName} characters`, path: ['metadata', 'name'] };
    }
  },
};

export const reservedKey: AdmissionRule = {
  code: 'platform/reserved-key',
  *check({ object }) {
    for (const field of ['annotations', 'labels'] as const) {
      for (const key of keysAt(object, field).filter((each) => each.includes('kubevirt.io'))) {
        yield { deny: `using the kubevirt.io group's name in the ${field === 'labels' ? 'label' : 'annotation'} is prohibited`, path: ['metadata', field, key] };
      }
    }
  },
};

function keysAt(object: JsonObject, field: string): readonly string[] {
  const value = valueAt(object, `metadata.${field}`);
  return isObject(value as JsonObject) ? Object.keys(value as JsonObject).sort(byBytes) : [];
}
