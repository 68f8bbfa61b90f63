import { t } from '@vscode/l10n';
import type { KindId } from '../domain/kind';
import type { KubeObject } from '../domain/kubeObject';
import { phaseOf } from '../domain/kubeObject';
import { escapeMarkdown } from '../domain/markdown';
import { sizeText } from '../domain/quantity';
import { listAt, numberAt, stringAt, valueAt } from '../domain/values';
import { knownKind } from '../domain/kinds/index';
import { isStale, liveObject } from './facts';
import type { Request } from './service';

/** One line of Markdown about an object that a manifest names: what it is in the cluster, or where else it stands. */
export function factsLine({ surroundings, cluster }: Request, id: KindId, name: string, namespace: string | undefined): string {
  const isNamespaced = knownKind(id)?.namespaced !== false;
  const live = isNamespaced && namespace === undefined ? undefined : liveObject(surroundings, id, name, namespace);
  const stale = surroundings.view && isStale(surroundings.view, id) ? [t('as last known')] : [];
  const title = `**${escapeMarkdown(`${id} ${name}`)}**`;
  if (live) {
    return [title, ...stateOf(live).map(escapeMarkdown), ...(cluster ? [t('in the context "{0}"', escapeMarkdown(cluster.name))] : []), ...stale].join(' · ');
  }
  if (surroundings.workspace.named(id, name, namespace).length > 0) {
    return live === null ? t('{0} is in this workspace and not yet in the cluster.', title) : t('{0} is in this workspace.', title);
  }
  return live === null ? t('{0} does not exist in the cluster.', title) : surroundings.view ? stale.length > 0 ? t('{0} is not known: the connection is lost.', title) : t('{0} is not known: its kind has not been listed.', title) : '';
}

/** Phase, size, place and other things that people ask of an object first; empty where it says nothing. */
export function stateOf(object: KubeObject): readonly string[] {
  const cores = numberAt(object, 'spec.cpu.cores');
  const holders = listAt(object, 'status.attachedToVirtualMachines').flatMap((holder) => stringAt(holder, 'name') ?? []);
  const policies = listAt(object, 'spec.sizingPolicies').length;
  const unpacked = sizeText(valueAt(object, 'status.size.unpackedBytes')) ?? stringAt(object, 'status.size.unpacked');
  return [
    phaseOf(object),
    cores === undefined ? undefined : t('{0} cores', cores),
    sizeText(valueAt(object, 'spec.memory.size')),
    sizeText(valueAt(object, 'status.capacity')) ?? (unpacked === undefined ? undefined : t('{0} unpacked', unpacked)),
    stringAt(object, 'status.nodeName') ?? stringAt(object, 'status.node'),
    stringAt(object, 'status.ipAddress') ?? stringAt(object, 'status.address'),
    stringAt(object, 'status.storageClassName'),
    stringAt(object, 'provisioner'),
    stringAt(object, 'spec.cpu.type') === undefined ? undefined : t('CPU {0}', stringAt(object, 'spec.cpu.model') ?? stringAt(object, 'spec.cpu.type') ?? ''),
    policies > 0 ? sizingText(object) : undefined,
    holders.length > 0 ? t('in use by {0}', holders.join(', ')) : undefined,
    object.kind === 'Secret' ? stringAt(object, 'type') : undefined,
  ].filter((part) => part !== undefined && part !== '') as string[];
}

/** The core counts that a class allows: `1–4, 5–8 cores`. */
export function sizingText(machineClass: KubeObject): string {
  const ranges = listAt(machineClass, 'spec.sizingPolicies').map((policy) => `${numberAt(policy, 'cores.min') ?? 1}–${numberAt(policy, 'cores.max') ?? '…'}`);
  return ranges.length === 0 ? t('any size') : t('{0} cores', ranges.join(', '));
}
