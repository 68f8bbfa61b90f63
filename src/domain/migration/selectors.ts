import { isRecord } from '../kubeObject';
import { listAt, stringAt, valueAt } from '../values';

export type Labels = Readonly<Record<string, string>>;

/** Whether labels fit `{matchLabels, matchExpressions}`; an absent selector fits none, an empty one all, as in Kubernetes. */
export function fitsLabelSelector(selector: unknown, labels: Labels): boolean {
  return isRecord(selector) && missingLabel(valueAt(selector, 'matchLabels'), labels) === undefined
    && listAt(selector, 'matchExpressions').every((expression) => fitsExpression(expression, labels));
}

/** The first `key=value` of a plain selector that labels do not have. */
export function missingLabel(selector: unknown, labels: Labels): string | undefined {
  const wanted = isRecord(selector) ? Object.entries(selector).find(([key, value]) => labels[key] !== value) : undefined;
  return wanted && `${wanted[0]}=${String(wanted[1])}`;
}

/** Whether a node fits the required part of `nodeAffinity`: one of the terms, each with all its expressions. */
export function fitsNodeAffinity(affinity: unknown, name: string, labels: Labels): boolean {
  const terms = listAt(affinity, 'nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms');
  return terms.length === 0 || terms.some((term) => {
    const expressions = listAt(term, 'matchExpressions');
    const ofFields = listAt(term, 'matchFields');
    // A term that asks for nothing fits nothing.
    return expressions.length + ofFields.length > 0 && expressions.every((one) => fitsExpression(one, labels)) && ofFields.every((one) => fitsExpression(one, { 'metadata.name': name }));
  });
}

function fitsExpression(expression: unknown, labels: Labels): boolean {
  const key = stringAt(expression, 'key') ?? '';
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const values = listAt(expression, 'values');
  switch (stringAt(expression, 'operator')) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    case 'Gt': return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt': return value !== undefined && Number(value) < Number(values[0]);
    case undefined: default: return false;
  }
}

/** The first taint that keeps a machine away, as `key=value:effect`. */
export function repellingTaint(taints: readonly unknown[], tolerations: readonly unknown[]): string | undefined {
  const repelling = taints.find((taint) => ['NoSchedule', 'NoExecute'].includes(stringAt(taint, 'effect') ?? '') && !tolerations.some((toleration) => tolerates(toleration, taint)));
  if (repelling === undefined) {
    return undefined;
  }
  const value = stringAt(repelling, 'value');
  return `${stringAt(repelling, 'key') ?? ''}${value === undefined ? '' : `=${value}`}:${stringAt(repelling, 'effect') ?? ''}`;
}

function tolerates(toleration: unknown, taint: unknown): boolean {
  const key = stringAt(toleration, 'key');
  const effect = stringAt(toleration, 'effect');
  const isKey = key === undefined ? stringAt(toleration, 'operator') === 'Exists' : key === stringAt(taint, 'key');
  const isValue = stringAt(toleration, 'operator') === 'Exists' || (stringAt(toleration, 'value') ?? '') === (stringAt(taint, 'value') ?? '');
  return isKey && isValue && (effect === undefined || effect === stringAt(taint, 'effect'));
}
