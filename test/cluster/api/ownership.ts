import { difference, fromFieldSet, hasBelow, pathsOf, removePaths, showPath, toFieldSet, without, type Paths } from './fieldSets';
import { groupVersionOf, isObject, type ApiObject, type JsonObject, type ManagedFields, type Resource } from './model';
import { elementOf, isLeaf, shapeOf, type Shape } from './shape';
import { ApiError, badRequest } from './status';
import { undeclaredFields } from './validation';

interface Writing { readonly resource: Resource; readonly manager: string; readonly subresource: string; readonly now: string }

/** Fields that nobody owns. */
const unowned = [
  'f:apiVersion', 'f:kind', ...['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp',
    'deletionGracePeriodSeconds', 'selfLink', 'managedFields'].map((field) => `f:metadata.f:${field}`),
];

/** Notes in `managedFields` which fields an update changed and thereby owns. Changes `next`. */
export function recordUpdate({ resource, old, next, manager, subresource, now }: Writing & { readonly old: ApiObject | undefined; readonly next: ApiObject }): void {
  const shape = shapeOf(resource);
  const [changed, removed] = changes(resource, shape, old, next);
  if (changed.size === 0 && removed.size === 0) {
    return;
  }
  const own = { manager, operation: 'Update', apiVersion: groupVersionOf(resource), ...(subresource === '' ? {} : { subresource }) } as const;
  const entries = entriesOf(next);
  const mine = entries.find((entry) => isSame(entry, own));
  const others = entries.filter((entry) => entry !== mine).map((entry) => reduced(entry, changed, removed));
  const paths = new Set([...mine ? fromFieldSet(mine.fieldsV1) : [], ...changed].filter((path) => !removed.has(path)));
  const entry: ManagedFields = { ...own, ...(mine && changed.size === 0 ? { time: mine.time ?? now } : { time: now }), fieldsType: 'FieldsV1', fieldsV1: toFieldSet(paths) };
  store(next, [...others, ...(paths.size > 0 ? [entry] : [])]);
}

/** Merges an applied configuration into the object and takes ownership of what it sets. @throws ApiError 409 when others own that and `force` is not set */
export function applyConfiguration(current: ApiObject | undefined, config: ApiObject, writing: Writing & { readonly force: boolean }): ApiObject {
  const { resource, manager, subresource, now } = writing;
  if (config.metadata?.managedFields !== undefined && config.metadata.managedFields.length > 0) {
    throw badRequest('metadata.managedFields must be nil');
  }
  refuseUndeclared(resource, config);
  const shape = shapeOf(resource);
  // What the subresource cannot write is not owned through it.
  const foreign = subresource === 'status' ? ['f:spec', 'f:metadata'] : resource.hasStatus ? ['f:status'] : [];
  const configured = without(pathsOf(config, shape), [...unowned, ...foreign]);
  const live = current ?? ({ apiVersion: config.apiVersion, kind: config.kind, metadata: { name: config.metadata.name } });
  const merged = merge(live, config, shape) as ApiObject;
  const own = { manager, operation: 'Apply', apiVersion: groupVersionOf(resource), ...(subresource === '' ? {} : { subresource }) } as const;
  const entries = entriesOf(live);
  const mine = entries.find((entry) => isSame(entry, own));
  const others = entries.filter((entry) => entry !== mine);

  const ownedByOthers = new Set(others.flatMap((entry) => [...fromFieldSet(entry.fieldsV1)]));
  const dropped = new Set([...mine ? fromFieldSet(mine.fieldsV1) : []].filter((path) =>
    !configured.has(path) && !ownedByOthers.has(path) && !hasBelow(configured, path) && !hasBelow(ownedByOthers, path)));
  removePaths(merged, shape, dropped);

  const [changed, removed] = changes(resource, shape, current, merged);
  const conflicts = others.flatMap((entry) => [...fromFieldSet(entry.fieldsV1)].filter((path) => changed.has(path)).map((path) => ({ entry, path })));
  if (conflicts.length > 0 && !writing.force) {
    throw applyConflict(conflicts);
  }
  const isChanged = changed.size > 0 || removed.size > 0;
  const time = isChanged ? now : mine?.time;
  const entry: ManagedFields = { ...own, ...(time === undefined ? {} : { time }), fieldsType: 'FieldsV1', fieldsV1: toFieldSet(configured) };
  store(merged, [...others.map((other) => reduced(other, changed, removed)), ...(configured.size > 0 ? [entry] : [])]);
  return merged;
}

/** @throws ApiError 500, which is what the real server answers */
function refuseUndeclared(resource: Resource, config: ApiObject): void {
  const unknown = undeclaredFields(resource, config);
  if (unknown.length > 0) {
    const { namespace = '', name } = config.metadata;
    throw new ApiError(500, '', `failed to create typed patch object (${namespace}/${name}; ${groupVersionOf(resource)}, Kind=${resource.kind}): `
      + unknown.map((field) => `.${field}: field not declared in schema`).join('\n'));
  }
}

function changes(resource: Resource, shape: Shape, old: ApiObject | undefined, next: ApiObject): [Paths, Paths] {
  // Kubernetes' own types always have these parts, so creating an object does not add them.
  const empty = { metadata: {}, ...(resource.schema ? {} : { ...('spec' in next ? { spec: {} } : {}), ...('status' in next ? { status: {} } : {}) }) };
  const { changed, removed } = difference(old ?? empty, next, shape);
  return [without(changed, unowned), without(removed, unowned)];
}

function entriesOf(object: ApiObject): ManagedFields[] {
  return (object.metadata.managedFields ?? []).filter((entry) => isObject(entry) && isObject(entry.fieldsV1));
}

function isSame(entry: ManagedFields, other: Pick<ManagedFields, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): boolean {
  return entry.manager === other.manager && entry.operation === other.operation && entry.apiVersion === other.apiVersion && entry.subresource === other.subresource;
}

/** What is left to another owner after a change. */
function reduced(entry: ManagedFields, changed: Paths, removed: Paths): ManagedFields {
  const before = fromFieldSet(entry.fieldsV1);
  const after = new Set([...before].filter((path) => !changed.has(path) && !removed.has(path)));
  return after.size === before.size ? entry : { ...entry, fieldsV1: toFieldSet(after) };
}

function store(object: ApiObject, entries: readonly ManagedFields[]): void {
  const order = (entry: ManagedFields) => [entry.operation, entry.time ?? '', entry.manager, entry.apiVersion, entry.subresource ?? ''].join('\0');
  const kept = entries.filter((entry) => Object.keys(entry.fieldsV1).length > 0).sort((left, right) => (order(left) < order(right) ? -1 : 1));
  object.metadata = { ...object.metadata, managedFields: kept };
}

function merge(live: unknown, config: unknown, shape: Shape): unknown {
  if (config === undefined) {
    return live;
  }
  if (live === undefined || isLeaf(shape, live) || isLeaf(shape, config)) {
    return structuredClone(config);
  }
  if (shape.kind === 'map') {
    const result: JsonObject = { ...live as JsonObject };
    for (const [name, value] of Object.entries(config as JsonObject)) {
      result[name] = merge(result[name], value, shape.field(name));
    }
    return result;
  }
  const result = [...live as unknown[]];
  for (const item of config as unknown[]) {
    const keyed = shape as Extract<Shape, { kind: 'list' | 'set' }>;
    const index = result.findIndex((existing) => elementOf(keyed, existing) === elementOf(keyed, item));
    if (index < 0) {
      result.push(structuredClone(item));
    } else if (keyed.kind === 'list') {
      result[index] = merge(result[index], item, keyed.item);
    }
  }
  return result;
}

function applyConflict(conflicts: readonly { entry: ManagedFields; path: string }[]): ApiError {
  const causes = conflicts.map(({ entry, path }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${showManager(entry)}`, field: showPath(path) }));
  const byManager = new Map<string, string[]>();
  for (const { entry, path } of conflicts) {
    byManager.set(showManager(entry), [...(byManager.get(showManager(entry)) ?? []), showPath(path)]);
  }
  const text = causes.length === 1 ? `1 conflict: ${causes[0]!.message}: ${causes[0]!.field}`
    : `${causes.length} conflicts: ${[...byManager].sort().map(([manager, paths]) => `conflicts with ${manager}:\n${paths.map((path) => `- ${path}`).join('\n')}`).join('\n')}`;
  return new ApiError(409, 'Conflict', `Apply failed with ${text}`, { causes });
}

function showManager({ manager, subresource, operation, apiVersion }: ManagedFields): string {
  const who = subresource === undefined ? JSON.stringify(manager) : `${JSON.stringify(manager)} with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Apply' ? who : `${who} using ${apiVersion}`;
}
