import { objectOr, objectsOf, textOf, type ApiObject } from './model';

// Cells of Tables that Kubernetes computes for its own kinds, as far as they are looked at here.

export function nodeStatus(node: ApiObject): string {
  const ready = objectsOf(objectOr(node['status'])['conditions']).find(({ type }) => type === 'Ready');
  const status = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
  return objectOr(node['spec'])['unschedulable'] === true ? `${status},SchedulingDisabled` : status;
}

const rolePrefix = 'node-role.kubernetes.io/';

export function nodeRoles(node: ApiObject): string {
  const roles = Object.keys(node.metadata.labels ?? {}).filter((label) => label.startsWith(rolePrefix)).map((label) => label.slice(rolePrefix.length));
  return roles.sort().join(',') || '<none>';
}

export function podReady(pod: ApiObject): string {
  const ready = containerStatuses(pod).filter((status) => status['ready'] === true).length;
  return `${ready}/${objectsOf(objectOr(pod['spec'])['containers']).length}`;
}

export function podStatus(pod: ApiObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) {
    return 'Terminating';
  }
  const waiting = containerStatuses(pod).map((status) => textOf(objectOr(objectOr(status['state'])['waiting'])['reason'])).find((reason) => reason !== '');
  const status = objectOr(pod['status']);
  return (waiting ?? textOf(status['reason'])) || textOf(status['phase']);
}

export function podRestarts(pod: ApiObject): string {
  return String(containerStatuses(pod).reduce((sum, status) => sum + Number(status['restartCount'] ?? 0), 0));
}

export function eventObject(event: ApiObject): string {
  const { kind, name } = objectOr(event['involvedObject']);
  return `${textOf(kind).toLowerCase()}/${textOf(name)}`;
}

/** The number of entries of a map field. */
export function countOf(field: string): (object: ApiObject) => number {
  return (object) => Object.keys(objectOr(object[field])).length;
}

const containerStatuses = (pod: ApiObject) => objectsOf(objectOr(pod['status'])['containerStatuses']);
