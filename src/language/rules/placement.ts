import { isRecord } from '../../domain/kubeObject';
import { listAt, numberAt, stringAt, valueAt, type Path } from '../../domain/values';
import { isLabelValue, isQualifiedName } from '../names';
import type { AdmissionRule } from '../rule';
import { cause, fieldOf, type Cause } from '../structural';

/** Kubernetes' own checks of affinity, as the webhook runs them on the machine's; all in one message. */
export const invalidAffinity: AdmissionRule = {
  code: 'platform/invalid-affinity',
  *check({ object }) {
    const node = valueAt(object, 'spec.affinity.nodeAffinity');
    const causes = [
      ...nodeAffinity(node),
      ...['virtualMachineAndPodAffinity', 'virtualMachineAndPodAntiAffinity'].flatMap((block) => podAffinity(valueAt(object, `spec.affinity.${block}`), block)),
    ];
    yield* told('errors while validating affinity', causes, 'affinity');
  },
};

export const invalidSpread: AdmissionRule = {
  code: 'platform/invalid-topology-spread',
  *check({ object }) {
    const constraints = listAt(object, 'spec.topologySpreadConstraints');
    yield* told('errors while validating topology spread constraints', constraints.flatMap((each, index) => spread(each, index, constraints)), undefined);
  },
};

function* told(words: string, causes: readonly Cause[], below: string | undefined): Iterable<{ deny: string; path: Path }> {
  const [first] = causes;
  if (first) {
    const texts = causes.map(({ field, message }) => `${field}: ${message}`);
    // The platform checks the block on its own, so that the paths of its message lack `affinity`.
    const path = below === undefined ? first.path : ['spec', below, ...first.path.slice(1)];
    yield { deny: `${words}: ${texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`}`, path };
  }
}

function nodeAffinity(block: unknown): readonly Cause[] {
  const at = ['spec', 'nodeAffinity'];
  const required = valueAt(block, 'requiredDuringSchedulingIgnoredDuringExecution');
  const causes: Cause[] = [];
  if (isRecord(required)) {
    const path = [...at, 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'];
    const terms = listAt(required, 'nodeSelectorTerms');
    if (terms.length === 0) {
      causes.push(cause('FieldValueRequired', path, 'must have at least one node selector term'));
    }
    causes.push(...terms.flatMap((term, index) => nodeTerm(term, [...path, index])));
  }
  for (const [index, preferred] of listAt(block, 'preferredDuringSchedulingIgnoredDuringExecution').entries()) {
    causes.push(...nodeTerm(valueAt(preferred, 'preference'), [...at, 'preferredDuringSchedulingIgnoredDuringExecution', index, 'preference']));
  }
  return causes;
}

function nodeTerm(term: unknown, path: Path): readonly Cause[] {
  const expressions = listAt(term, 'matchExpressions').flatMap((expression, index) => nodeExpression(expression, [...path, 'matchExpressions', index]));
  const fields = listAt(term, 'matchFields').flatMap((field, index) => nodeField(field, [...path, 'matchFields', index]));
  return [...expressions, ...fields];
}

function nodeExpression(expression: unknown, path: Path): readonly Cause[] {
  const values = listAt(expression, 'values');
  const operator = stringAt(expression, 'operator') ?? '';
  const key = stringAt(expression, 'key') ?? '';
  const causes = valuesFor(operator, values.length, path);
  if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) {
      causes.push(cause('FieldValueRequired', [...path, 'values'], "must be specified single value when `operator` is 'Lt' or 'Gt'"));
    }
  } else if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)) {
    causes.push(cause('FieldValueInvalid', [...path, 'operator'], 'not a valid selector operator', operator));
  }
  return [...causes, ...keyCauses(key, [...path, 'key'])];
}

function nodeField(field: unknown, path: Path): readonly Cause[] {
  const values = listAt(field, 'values');
  const operator = stringAt(field, 'operator') ?? '';
  const key = stringAt(field, 'key') ?? '';
  const causes: Cause[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length !== 1) {
      causes.push(cause('FieldValueRequired', [...path, 'values'], 'must be only one value when `operator` is \'In\' or \'NotIn\' for node field selector'));
    }
  } else {
    causes.push(cause('FieldValueInvalid', [...path, 'operator'], 'not a valid selector operator', operator));
  }
  if (key !== 'metadata.name') {
    causes.push(cause('FieldValueInvalid', [...path, 'key'], 'not a valid field selector key', key));
  }
  return causes;
}

function podAffinity(block: unknown, name: string): readonly Cause[] {
  const required = listAt(block, 'requiredDuringSchedulingIgnoredDuringExecution')
    .flatMap((term, index) => podTerm(term, ['spec', name, 'requiredDuringSchedulingIgnoredDuringExecution', index]));
  const preferred = listAt(block, 'preferredDuringSchedulingIgnoredDuringExecution').flatMap((weighted, index) => {
    const path = ['spec', name, 'preferredDuringSchedulingIgnoredDuringExecution', index];
    const weight = numberAt(weighted, 'weight') ?? 0;
    return [
      ...(weight < 1 || weight > 100 ? [cause('FieldValueInvalid', [...path, 'weight'], 'must be in the range 1-100', weight)] : []),
      ...podTerm(valueAt(weighted, 'virtualMachineAndPodAffinityTerm'), [...path, 'podAffinityTerm']),
    ];
  });
  return [...required, ...preferred];
}

function podTerm(term: unknown, path: Path): readonly Cause[] {
  const topologyKey = stringAt(term, 'topologyKey') ?? '';
  return [
    ...selectorCauses(valueAt(term, 'labelSelector'), [...path, 'labelSelector']),
    ...selectorCauses(valueAt(term, 'namespaceSelector'), [...path, 'namespaceSelector']),
    ...(topologyKey === '' ? [cause('FieldValueRequired', [...path, 'topologyKey'], 'can not be empty')] : []),
    ...keyCauses(topologyKey, [...path, 'topologyKey']),
  ];
}

function spread(constraint: unknown, index: number, all: readonly unknown[]): readonly Cause[] {
  const path = ['spec', 'topologySpreadConstraints', index];
  const skew = numberAt(constraint, 'maxSkew') ?? 0;
  const key = stringAt(constraint, 'topologyKey') ?? '';
  const action = stringAt(constraint, 'whenUnsatisfiable') ?? '';
  const isRepeated = all.slice(index + 1).some((other) => stringAt(other, 'topologyKey') === key && stringAt(other, 'whenUnsatisfiable') === action);
  return [
    ...(skew > 0 ? [] : [cause('FieldValueInvalid', [...path, 'maxSkew'], 'must be greater than zero', skew)]),
    ...(key === '' ? [cause('FieldValueRequired', [...path, 'topologyKey'], 'can not be empty')] : keyCauses(key, [...path, 'topologyKey'])),
    ...(action === 'DoNotSchedule' || action === 'ScheduleAnyway' ? [] : [cause('FieldValueNotSupported', [...path, 'whenUnsatisfiable'], 'supported values: "DoNotSchedule", "ScheduleAnyway"', action)]),
    ...(isRepeated ? [cause('FieldValueDuplicate', path, '', `{${key}, ${action}}`, `${fieldOf(path)}.{topologyKey, whenUnsatisfiable}`)] : []),
    // Kubernetes forgets the index here.
    ...selectorCauses(valueAt(constraint, 'labelSelector'), ['spec', 'topologySpreadConstraints', 'labelSelector']).map((found) => ({ ...found, path: [...path, ...found.path.slice(2)] })),
  ];
}

function selectorCauses(selector: unknown, path: Path): readonly Cause[] {
  const labels = valueAt(selector, 'matchLabels');
  const labelCauses = Object.entries(isRecord(labels) ? labels : {}).flatMap(([key, value]) => [
    ...keyCauses(key, [...path, 'matchLabels']),
    ...(typeof value === 'string' ? isLabelValue(value).map((message) => cause('FieldValueInvalid', [...path, 'matchLabels'], message, value)) : []),
  ]);
  const expressions = listAt(selector, 'matchExpressions').flatMap((expression, index) => {
    const at = [...path, 'matchExpressions', index];
    const operator = stringAt(expression, 'operator') ?? '';
    const values = listAt(expression, 'values');
    return [
      ...valuesFor(operator, values.length, at),
      ...(['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator) ? [] : [cause('FieldValueInvalid', [...at, 'operator'], 'not a valid selector operator', operator)]),
      ...keyCauses(stringAt(expression, 'key') ?? '', [...at, 'key']),
      ...values.flatMap((value, valueIndex) => (typeof value === 'string' ? isLabelValue(value).map((message) => cause('FieldValueInvalid', [...at, 'values', valueIndex], message, value)) : [])),
    ];
  });
  return [...labelCauses, ...expressions];
}

function valuesFor(operator: string, count: number, path: Path): Cause[] {
  if ((operator === 'In' || operator === 'NotIn') && count === 0) {
    return [cause('FieldValueRequired', [...path, 'values'], "must be specified when `operator` is 'In' or 'NotIn'")];
  }
  return (operator === 'Exists' || operator === 'DoesNotExist') && count > 0
    ? [cause('FieldValueForbidden', [...path, 'values'], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : [];
}

function keyCauses(key: string, path: Path): readonly Cause[] {
  return isQualifiedName(key).map((message) => cause('FieldValueInvalid', path, message, key));
}
