import { t } from '@vscode/l10n';
import type { KindId } from '../../domain/kind';
import { knownKind } from '../../domain/kinds/index';
import type { KubeObject } from '../../domain/kubeObject';
import { phaseOf } from '../../domain/kubeObject';
import { listAt, stringAt, valueAt } from '../../domain/values';
import { provisioningTypes } from '../identity';
import { sizingText, stateOf } from '../liveState';
import { isObject } from '../prune';
import { referenceAt, resolve } from '../references';
import type { Offer, ValuePlace } from './offer';

/** Objects that can be named at a place: live ones that are fit for it, and those of the workspace. */
export function nameOffers(place: ValuePlace): readonly Offer[] {
  const { path, kind, value, namespace } = place;
  const dotted = path.join('.');
  if (dotted === 'metadata.namespace') {
    return (place.request.surroundings.view?.list('Namespace') ?? []).map(({ metadata: { name } }) => ({ label: name, kind: 'object', ...(name === namespace ? { detail: t('of the context'), isPreselected: true } : {}) }));
  }
  const reference = referenceAt(kind, path);
  if (!reference || !isObject(value)) {
    return [];
  }
  const { id, candidates, namespace: where } = resolve(value, reference, path, '', namespace);
  const ids = id === undefined ? candidates : [id];
  return ids.flatMap((each) => objectsOf(place, each, knownKind(each)?.namespaced === false ? undefined : where, ids.length > 1));
}

function objectsOf(place: ValuePlace, id: KindId, namespace: string | undefined, namesKind: boolean): readonly Offer[] {
  const { view, workspace } = place.request.surroundings;
  const isNamespaced = knownKind(id)?.namespaced !== false;
  const live = isNamespaced && namespace === undefined ? [] : view?.list(id, namespace) ?? [];
  const listed = new Set(live.map(({ metadata }) => metadata.name));
  const planned = workspace.list(id, namespace).map(({ object }) => object).filter(({ metadata }) => !listed.has(metadata.name));
  const own = stringAt(place.value, 'metadata.name');
  const offer = (object: KubeObject, detail: string): Offer => ({ label: object.metadata.name, kind: 'object', detail: namesKind ? `${id} · ${detail}` : detail });
  return [
    ...live.filter((object) => isFit(object, id, place, own)).map((object) => offer(object, detailOf(object, id))),
    ...planned.filter((object) => fitsSecret(object, id, place)).map((object) => offer(object, t('in this workspace'))),
  ];
}

/** Only what works: ready, not in use by another machine, not in the list already, of the right type. */
function isFit(object: KubeObject, id: KindId, place: ValuePlace, own: string | undefined): boolean {
  const phase = phaseOf(object);
  const holders = listAt(object, 'status.attachedToVirtualMachines').flatMap((holder) => stringAt(holder, 'name') ?? []);
  const kind: string = id;
  switch (kind) {
    case 'VirtualDisk':
      // One that is still being made is worth naming to whoever makes both.
      return (phase === undefined || phase === 'Ready' || phase === 'WaitForFirstConsumer' || (phase === 'Provisioning' || phase === 'Pending') && isPlanned(object, id, place))
        && (place.kind === 'VirtualImage' || place.kind === 'ClusterVirtualImage' || holders.every((holder) => holder === own)) && !isListed(object, id, place);
    case 'VirtualImage': case 'ClusterVirtualImage':
      return (phase === undefined || phase === 'Ready') && !isListed(object, id, place);
    case 'VirtualDiskSnapshot': case 'VirtualMachineSnapshot':
      return phase === undefined || phase === 'Ready';
    case 'VirtualMachineIPAddress': case 'VirtualMachineMACAddress': {
      const machine = stringAt(object, 'status.virtualMachineName') ?? stringAt(object, 'status.virtualMachine');
      return machine === undefined || machine === own;
    }
    default:
      return fitsSecret(object, id, place);
  }
}

function isPlanned({ metadata }: KubeObject, id: KindId, { request }: ValuePlace): boolean {
  return request.surroundings.workspace.named(id, metadata.name, metadata.namespace).length > 0;
}

function isListed(object: KubeObject, id: KindId, { value }: ValuePlace): boolean {
  return listAt(value, 'spec.blockDeviceRefs').some((device) => stringAt(device, 'kind') === id && stringAt(device, 'name') === object.metadata.name);
}

function fitsSecret(object: KubeObject, id: KindId, { path }: ValuePlace): boolean {
  const field = String(path.at(-2));
  const wanted = field === 'userDataRef' ? provisioningTypes.cloudInit : field === 'sysprepRef' ? provisioningTypes.sysprep : field === 'imagePullSecret' ? 'kubernetes.io/dockerconfigjson' : undefined;
  return id !== 'Secret' || wanted === undefined || object['type'] === wanted;
}

function detailOf(object: KubeObject, id: KindId): string {
  if (id === 'VirtualMachineClass') {
    const isDefault = object.metadata.annotations?.['virtualmachineclass.virtualization.deckhouse.io/is-default-class'] === 'true';
    return [stringAt(object, 'spec.cpu.model') ?? stringAt(object, 'spec.cpu.type'), sizingText(object), isDefault ? t('default') : undefined].filter((part) => part !== undefined).join(' · ');
  }
  if (id === 'StorageClass') {
    const isDefault = object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
    return [stringAt(object, 'provisioner'), stringAt(object, 'volumeBindingMode') ?? 'Immediate', valueAt(object, 'allowVolumeExpansion') === true ? t('can grow') : t('cannot grow'), isDefault ? t('default') : undefined].filter((part) => part !== undefined).join(' · ');
  }
  return stateOf(object).join(' · ');
}
