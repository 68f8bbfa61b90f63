import { t } from '@vscode/l10n';
import type { KubeObject } from '../kubeObject';
import { platformGroup } from '../kind';
import { stringAt } from '../values';

/** Who or what asked for a migration. `unknown`: neither name nor annotations tell. */
export type Starter = 'here' | 'commandLine' | 'evacuation' | 'firmware' | 'placement' | 'resources' | 'volumes' | 'workload' | 'unknown';

/** Prefixes of the names that the platform gives to its own operations (v1.10.2, `generateName`). */
const prefixes: readonly (readonly [string, Starter])[] = [
  ['evacuation-', 'evacuation'], ['firmware-update-', 'firmware'], ['nodeplacement-update-', 'placement'], ['hotplug-resources-', 'resources'], ['volume-migration-', 'volumes'],
];

/** Annotation of the migrations that are started from an editor: which one it was, as a random word that tells nobody anything else. */
const startedInKey = 'vscode-deckhouse-virtualization/started-in';

/** The operation with the mark of the editor that sends it: it is told from others even when the window is loaded again before anything is written down. */
export function marked(operation: KubeObject, mark: string): KubeObject {
  return { ...operation, metadata: { ...operation.metadata, annotations: { ...operation.metadata.annotations, [startedInKey]: mark } } };
}

/** The mark of the editor that has sent an operation; `undefined`: it has none. */
export function markOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[startedInKey];
}

/** Annotations say it for certain; the name tells which of several it was. */
export function starterOf(operation: KubeObject): Starter {
  const { name, annotations = {} } = operation.metadata;
  const isMarked = (key: string) => annotations[`${platformGroup}/${key}`] === 'true';
  const machine = stringAt(operation, 'spec.virtualMachineName') ?? '';
  const own = /-(?:migrate|evict)-[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(name);
  const byName = prefixes.find(([prefix]) => name.startsWith(prefix) && !name.startsWith(`${machine}-`))?.[1];
  if (isMarked('evacuation')) {
    return 'evacuation';
  }
  if (isMarked('volume-migration')) {
    return 'volumes';
  }
  if (isMarked('workload-update')) {
    return byName === 'firmware' || byName === 'placement' || byName === 'resources' ? byName : 'workload';
  }
  return byName ?? (own ? 'here' : /^[a-z0-9]{5}$/.test(name.slice(machine.length + 1)) && name.startsWith(`${machine}-`) ? 'commandLine' : 'unknown');
}

/** One line for people, to be read after "Started by". */
export function starterText(starter: Starter, isMine: boolean): string {
  if (isMine) {
    return t('you');
  }
  switch (starter) {
    case 'here': return t('somebody in an editor like this one');
    case 'commandLine': return t('somebody with the command line');
    case 'evacuation': return t('the platform: the node is being emptied');
    case 'firmware': return t('the platform: an update of the machine\'s firmware');
    case 'placement': return t('the platform: the machine\'s placement was changed');
    case 'resources': return t('the platform: a change of CPU or memory');
    case 'volumes': return t('the platform: disks move to another storage class');
    case 'workload': return t('the platform: an update');
    case 'unknown': return t('not known');
  }
}
