import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../../src/domain/kubeObject';
import type { Fields } from './objects';

/** The merge patch that makes `after` of `before`; `undefined` when they are equal. Lists are replaced as a whole, `undefined` is absent. */
export function difference(before: unknown, after: Fields): Fields | undefined {
  const old = isRecord(before) ? before : {};
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(old), ...Object.keys(after)])) {
    const [was, is] = [old[key], after[key]];
    if (is === undefined) {
      if (was !== undefined) {
        patch[key] = null;
      }
    } else if (isRecord(was) && isRecord(is)) {
      const nested = difference(was, is);
      if (nested) {
        patch[key] = nested;
      }
    } else if (!isDeepStrictEqual(was, is)) {
      patch[key] = is;
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}
