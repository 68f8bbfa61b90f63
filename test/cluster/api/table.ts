import { jsonPath } from './jsonPath';
import { textOf, type ApiObject, type Column, type JsonObject, type Resource } from './model';
import type { IncludeObject } from './presentation';

const age: Column = { name: 'Created At', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** A `Table` as `kubectl get` asks for it. */
export function tableOf(resource: Resource, objects: readonly ApiObject[], as: { includeObject: IncludeObject; nowMs: number }, metadata: JsonObject): JsonObject {
  const columns = resource.columns ?? [age];
  return {
    kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata,
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', description: 'Name must be unique within a namespace.', priority: 0 },
      ...columns.map(({ name, type, format = '', description, priority = 0, jsonPath: path }) => ({
        name, type, format, description: description ?? (resource.schema ? `Custom resource definition column (in JSONPath format): ${path}` : ''), priority,
      })),
    ],
    rows: objects.map((object) => ({ cells: [object.metadata.name, ...columns.map((column) => cell(column, object, as.nowMs))], object: carried(object, as.includeObject) })),
  };
}

function carried(object: ApiObject, include: IncludeObject): JsonObject | null {
  switch (include) {
    case 'None': return null;
    case 'Object': return object;
    case 'Metadata': return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
  }
}

/** A value of the column's type; `null` when the path leads nowhere or the type does not fit. */
function cell(column: Column, object: ApiObject, nowMs: number): unknown {
  if (column.compute) {
    return column.compute(object);
  }
  // Where a path leads to several values, the real server shows the first.
  const [value] = jsonPath(column.jsonPath)(object);
  if (value === undefined || value === null) {
    return null;
  }
  switch (column.type) {
    case 'integer': return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number': return typeof value === 'number' ? value : null;
    case 'boolean': return typeof value === 'boolean' ? value : null;
    case 'date': return ageOf(value, nowMs);
    default:
      if (column.name === 'Age') {
        return ageOf(value, nowMs);
      }
      return typeof value === 'object' ? JSON.stringify(value) : textOf(value);
  }
}

function ageOf(value: unknown, nowMs: number): string {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? '<unknown>' : duration(Math.floor((nowMs - time) / 1000));
}

/** As kubectl shows an age: two units while the number is small, one later. */
export function duration(seconds: number): string {
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  const rest = (value: number, unit: string) => (value === 0 ? '' : `${value}${unit}`);
  if (seconds < -1) {
    return '<invalid>';
  }
  if (seconds < 120) {
    return `${Math.max(0, seconds)}s`;
  }
  if (minutes < 10) {
    return `${minutes}m${rest(seconds % 60, 's')}`;
  }
  if (minutes < 180) {
    return `${minutes}m`;
  }
  if (hours < 8) {
    return `${hours}h${rest(minutes % 60, 'm')}`;
  }
  if (hours < 48) {
    return `${hours}h`;
  }
  if (hours < 192) {
    return `${days}d${rest(hours % 24, 'h')}`;
  }
  const years = Math.floor(days / 365);
  return years < 2 ? `${days}d` : years < 8 ? `${years}y${rest(days % 365, 'd')}` : `${years}y`;
}
