import { t } from '@vscode/l10n';
import type { KubeObject } from '../kubeObject';
import { phaseOf } from '../kubeObject';
import type { Operation } from '../operations';
import { groupOf, kindId, knownKind } from '../kinds/index';

export const deleteObject: Omit<Operation, 'title' | 'icon' | 'group'> = {
  confirm,
  applies: (object) => object.metadata.deletionTimestamp === undefined ? true : { because: t('"{0}" is being deleted already.', object.metadata.name) },
  request: (object) => ({ verb: 'delete', object }),
  command: (object) => ['d8', 'k', 'delete', resourceName(object), object.metadata.name,
    ...(object.metadata.namespace === undefined ? [] : ['-n', object.metadata.namespace])].join(' '),
};

/** `virtualdisks.virtualization.deckhouse.io`: with its group, because short names mean different things in different clusters. */
function resourceName({ apiVersion, kind }: KubeObject): string {
  const group = groupOf(apiVersion);
  return [knownKind(kindId(group, kind))?.plural ?? kind.toLowerCase(), group].filter(Boolean).join('.');
}

function confirm(object: KubeObject): string {
  return [question(object), isInUse(object) ? t('Something still uses it: it goes away only when that ends.') : ''].filter(Boolean).join(' ');
}

/** What is in use carries a finalizer named after its protection; an address says so in its phase. */
function isInUse(object: KubeObject): boolean {
  return object.metadata.finalizers?.some((finalizer) => finalizer.endsWith('-protection')) === true || phaseOf(object) === 'Attached' && object.kind.endsWith('Address');
}

function question(object: KubeObject): string {
  const { name } = object.metadata;
  switch (object.kind) {
    case 'VirtualMachine':
      return ['Stopped', undefined].includes(phaseOf(object))
        ? t('Delete machine "{0}"? Its disks stay.', name)
        : t('Delete machine "{0}"? It is switched off. Its disks stay.', name);
    case 'VirtualDisk': return t('Delete disk "{0}" and all data on it? This cannot be undone.', name);
    case 'VirtualMachineSnapshot':
    case 'VirtualDiskSnapshot': return t('Delete snapshot "{0}"? It can no longer be restored.', name);
    case 'VirtualMachineBlockDeviceAttachment': return t('Delete attachment "{0}"? The device is detached from its machine.', name);
    case 'VirtualMachineOperation':
      return ['Completed', 'Failed', 'Superseded'].includes(phaseOf(object) ?? '')
        ? t('Delete operation "{0}"? Only its record goes away.', name)
        : t('Delete operation "{0}"? A running migration is cancelled; a start or stop that was sent goes on.', name);
    default: return t('Delete {0} "{1}"? This cannot be undone.', object.kind, name);
  }
}
