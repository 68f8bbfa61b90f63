import { valueAt } from '../../domain/values';
import type { Situation } from '../rule';
import type { Json } from '../scalars';
import { same } from '../validate';

/** Whether an update leaves what is at a dotted path as it was; the server keeps fields in another order than people write them. */
export function isUnchanged({ object, before }: Pick<Situation, 'object' | 'before'>, path: string): boolean {
  return before !== undefined && same((valueAt(before, path) ?? null) as Json, (valueAt(object, path) ?? null) as Json);
}
