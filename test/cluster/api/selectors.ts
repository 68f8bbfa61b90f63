import { objectOr, objectsOf, stringsOf, textOf, type JsonObject, type Resource } from './model';
import { badRequest } from './status';
import { decode, type Stored } from './storage';

/** Whether an object is selected. */
export type Selector = (stored: Stored) => boolean;

/** Combines the two selectors of a request; undefined when neither restricts anything. @throws ApiError 400 */
export function selectorOf(resource: Resource, labels: string | null, fields: string | null): Selector | undefined {
  const tests = [labels ? labelSelector(labels) : undefined, fields ? fieldSelector(resource, fields) : undefined].filter((test) => test !== undefined);
  return tests.length === 0 ? undefined : (stored) => tests.every((test) => test(stored));
}

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

const requirementPattern = /^\s*(?:(!)\s*([^\s!=(),]+)|([^\s!=(),]+)\s+(in|notin)\s*\(([^()]*)\)|([^\s!=(),]+)\s*(==|=|!=)\s*([^\s!=(),]*)|([^\s!=(),]+))\s*(?:,|$)/;

/** The label selector language: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by commas. */
function labelSelector(text: string): Selector {
  const tests: LabelTest[] = [];
  let rest = text;
  while (rest.trim() !== '') {
    const match = requirementPattern.exec(rest);
    if (!match) {
      throw badRequest(`unable to parse requirement: found '${rest.trim()}', expected: a label requirement`);
    }
    tests.push(labelTest(match));
    rest = rest.slice(match[0].length);
  }
  return (stored) => tests.every((test) => test(stored.labels));
}

function labelTest(match: RegExpExecArray): LabelTest {
  const [, , absent, setKey, setOperator, setValues, key, operator, value, present] = match;
  if (absent !== undefined) {
    return (labels) => !Object.hasOwn(labels, absent);
  }
  if (setKey !== undefined) {
    const values = new Set((setValues ?? '').split(',').map((item) => item.trim()));
    return (labels) => (setOperator === 'in' ? Object.hasOwn(labels, setKey) && values.has(labels[setKey]!) : !Object.hasOwn(labels, setKey) || !values.has(labels[setKey]!));
  }
  if (key !== undefined) {
    return (labels) => (operator === '!=' ? labels[key] !== value : labels[key] === value);
  }
  return (labels) => Object.hasOwn(labels, present!);
}

/** A `LabelSelector` object, as webhooks carry it: `matchLabels` and `matchExpressions`. An empty one selects everything. */
export function matchesLabelSelector(selector: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(objectOr(selector['matchLabels'])).every(([key, value]) => labels[key] === value)
    && objectsOf(selector['matchExpressions']).every((expression) => {
      const [key, values] = [textOf(expression['key']), stringsOf(expression['values'])];
      switch (expression['operator']) {
        case 'In': return labels[key] !== undefined && values.includes(labels[key]);
        case 'NotIn': return labels[key] === undefined || !values.includes(labels[key]);
        case 'Exists': return labels[key] !== undefined;
        case 'DoesNotExist': return labels[key] === undefined;
        default: return false;
      }
    });
}

/** Fields beyond `metadata.name` and `metadata.namespace` that Kubernetes lets one select by, by `group/plural`; where they are, when not at their own path. */
const selectableFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/events': {
    'involvedObject.kind': '', 'involvedObject.namespace': '', 'involvedObject.name': '', 'involvedObject.uid': '', 'involvedObject.apiVersion': '',
    'involvedObject.resourceVersion': '', 'involvedObject.fieldPath': '', reason: '', reportingComponent: '', source: 'source.component', type: '',
  },
  '/pods': { 'spec.nodeName': '', 'spec.restartPolicy': '', 'spec.schedulerName': '', 'spec.serviceAccountName': '', 'status.phase': '', 'status.podIP': '' },
  '/namespaces': { 'status.phase': '' },
  '/secrets': { type: '' },
  '/nodes': { 'spec.unschedulable': '' },
};

function fieldSelector(resource: Resource, text: string): Selector {
  const selectable = selectableFields[`${resource.group}/${resource.plural}`] ?? {};
  const tests = text.split(',').filter((term) => term !== '').map((term): Selector => {
    const match = /^(.*?)(!=|==|=)(.*)$/.exec(term);
    if (!match) {
      throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    }
    const [, field = '', operator, value] = match;
    const read = fieldReader(field, selectable);
    return (stored) => (read(stored) === value) === (operator !== '!=');
  });
  return (stored) => tests.every((test) => test(stored));
}

function fieldReader(field: string, selectable: Readonly<Record<string, string>>): (stored: Stored) => string {
  if (field === 'metadata.name') {
    return (stored) => stored.name;
  }
  if (field === 'metadata.namespace') {
    return (stored) => stored.namespace;
  }
  const path = selectable[field];
  if (path === undefined) {
    throw badRequest(`field label not supported: ${field}`);
  }
  const steps = (path === '' ? field : path).split('.');
  return (stored) => {
    const value = steps.reduce<unknown>((current, step) => objectOr(current)[step], decode(stored) as JsonObject);
    return value === undefined || value === null ? '' : textOf(value);
  };
}
