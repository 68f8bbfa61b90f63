import { isObject, type JsonObject } from './model';
import { elementOf, isLeaf, type Shape } from './shape';

/** Strategic merge patch, for Kubernetes' own kinds: like a merge patch, but lists with keys are merged by element. Gives back a new value. */
export function strategicPatch(target: unknown, patch: unknown, shape: Shape): unknown {
  if (shape.kind === 'map' && isObject(patch)) {
    return patchMap(isObject(target) ? target : {}, patch, shape);
  }
  if (isLeaf(shape, patch) || !Array.isArray(target) || shape.kind === 'leaf' || shape.kind === 'map') {
    return patch;
  }
  return patchList(target as unknown[], patch as unknown[], shape);
}

function patchMap(target: JsonObject, patch: JsonObject, shape: Extract<Shape, { kind: 'map' }>): JsonObject {
  const { $patch, ...fields } = patch;
  const result: JsonObject = $patch === 'replace' ? {} : { ...target };
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('$deleteFromPrimitiveList/')) {
      const list = name.slice('$deleteFromPrimitiveList/'.length);
      result[list] = (Array.isArray(result[list]) ? result[list] as unknown[] : []).filter((item) => !(value as unknown[]).includes(item));
    } else if (name === '$retainKeys') {
      Object.keys(result).filter((key) => !(value as unknown[]).includes(key)).forEach((key) => delete result[key]);
    } else if (name.startsWith('$setElementOrder/')) {
      continue;
    } else if (value === null) {
      delete result[name];
    } else {
      result[name] = strategicPatch(result[name], value, shape.field(name));
    }
  }
  return result;
}

function patchList(target: readonly unknown[], patch: readonly unknown[], shape: Extract<Shape, { kind: 'list' | 'set' }>): unknown[] {
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => !(isObject(item) && item['$patch'] === 'replace'));
  }
  let result = [...target];
  for (const item of patch) {
    const element = elementOf(shape, item);
    if (isObject(item) && item['$patch'] === 'delete') {
      result = result.filter((existing) => elementOf(shape, existing) !== element);
      continue;
    }
    const index = result.findIndex((existing) => elementOf(shape, existing) === element);
    if (index < 0) {
      result.push(item);
    } else if (shape.kind === 'list') {
      result[index] = strategicPatch(result[index], item, shape.item);
    }
  }
  return result;
}
