import type { Path } from '../domain/values';
import { isObject } from './prune';
import type { Json } from './scalars';

/** The value at a path; `undefined` where a step is missing. */
export function valueOf(root: Json | undefined, path: Path): Json | undefined {
  let value = root;
  for (const step of path) {
    value = Array.isArray(value) ? value[Number(step)] : isObject(value) && Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
  }
  return value;
}
