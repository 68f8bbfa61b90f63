import type { Disposable } from '../../../src/base/disposable';
import { timeOf } from './model';

import { storageKey, type Registry } from './registry';
import { decode, type Change, type Storage } from './storage';

const namespaces = '/namespaces';
const crds = 'apiextensions.k8s.io/customresourcedefinitions';

/** Does what Kubernetes' controllers do when a namespace or a kind is deleted: what is in it goes too. */
export function followDeletions(storage: Storage, registry: Registry, now: () => number): Disposable {
  /** Objects that only wait for their finalizers keep a namespace. */
  const empty = (namespace: string) => {
    for (const resource of new Set(registry.all.filter(({ namespaced }) => namespaced).map(storageKey))) {
      for (const stored of storage.snapshot(resource).items.filter((item) => item.namespace === namespace)) {
        const object = decode(stored);
        if ((object.metadata.finalizers?.length ?? 0) === 0) {
          storage.remove(resource, object);
        } else if (object.metadata.deletionTimestamp === undefined) {
          object.metadata.deletionTimestamp = timeOf(now());
          storage.put(resource, object);
        }
      }
    }
  };
  const isEmpty = (namespace: string) => storage.resources.every((resource) => resource === namespaces || storage.snapshot(resource).items.every((item) => item.namespace !== namespace));
  const finish = (namespace: string) => {
    const stored = storage.get(namespaces, `/${namespace}`);
    if (stored && decode(stored).metadata.deletionTimestamp !== undefined && isEmpty(namespace)) {
      storage.remove(namespaces, decode(stored));
    }
  };
  const follow = ({ type, resource, stored }: Change) => {
    if (resource === namespaces && type === 'MODIFIED' && decode(stored).metadata.deletionTimestamp !== undefined) {
      empty(stored.name);
      finish(stored.name);
    } else if (resource === crds && type === 'DELETED') {
      const [plural, ...group] = stored.name.split('.');
      const key = storageKey({ group: group.join('.'), plural: plural! });
      storage.snapshot(key).items.forEach((item) => storage.remove(key, decode(item)));
    } else if (type === 'DELETED' && stored.namespace !== '') {
      finish(stored.namespace);
    }
  };
  // After the change has been told to everybody: what follows from it must not overtake it.
  return storage.onDidChange((change) => queueMicrotask(() => follow(change)));
}

