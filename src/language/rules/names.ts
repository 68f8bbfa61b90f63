import { stringAt } from '../../domain/values';
import { byteLength } from '../names';
import type { AdmissionRule, Outcome } from '../rule';
import { isUnchanged } from './unchanged';

interface NameLimits {
  readonly kind: 'VirtualDisk' | 'VirtualImage' | 'ClusterVirtualImage';
  /** Bytes; module 0.17 alone has a limit of its own. */
  readonly longest?: number;
}

/** Names of disks and images: no dots; an old object with such a name is only warned about. */
export function nameRule({ kind, longest }: NameLimits): AdmissionRule {
  const noun = kind === 'VirtualDisk' ? 'disk' : 'image';
  return {
    code: 'platform/name',
    *check(situation): Iterable<Outcome> {
      const { object, before } = situation;
      const name = stringAt(object, 'metadata.name') ?? '';
      const path = ['metadata', 'name'];
      // Disks are warned about on every update, images only when their spec changes.
      if (before && kind !== 'VirtualDisk' && isUnchanged(situation, 'spec')) {
        return;
      }
      if (name.includes('.')) {
        const words = before ? `the ${kind} name "${name}" is invalid as it contains now forbidden symbol '.', allowed symbols for name are [0-9a-zA-Z-]` : `the ${kind} name "${name}" is invalid: '.' is forbidden, allowed name symbols are [0-9a-zA-Z-]`;
        yield before
          ? { warn: `${kind === 'VirtualImage' ? ' ' : ''}${words}. Create another ${noun} with valid name to avoid problems with future updates.`, path }
          : { deny: words, path };
      }
      if (longest !== undefined && byteLength(name) > longest) {
        const words = `the ${kind} name "${name}" is too long: it must be no more than ${longest} characters`;
        if (!before) {
          yield { deny: words, path };
        } else if (kind !== 'ClusterVirtualImage') {
          yield { warn: words, path };
        }
      }
    },
  };
}
