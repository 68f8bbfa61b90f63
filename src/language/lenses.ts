import { t } from '@vscode/l10n';
import type { Range } from 'vscode-languageserver-types';
import type { KindState } from '../domain/clusterView';
import { knownKind } from '../domain/kinds/index';
import { phaseOf } from '../domain/kubeObject';
import { identityOf, isPlatformKind } from './identity';
import { isStale, liveObject } from './facts';
import { stateOf } from './liveState';
import { tokenAt } from './places';
import { rangeIn } from './positions';
import type { LiveObjectName, Request } from './service';

/** What stands above a manifest. What a click does is the editor's business. */
export interface Lens {
  readonly range: Range;
  readonly title: string;
  readonly tooltip?: string;
  readonly action:
    /** Shows the live object. */
    | { readonly type: 'openLive'; readonly object: LiveObjectName }
    /** Applies the manifest below, or shows what that would change. */
    | { readonly type: 'apply' | 'diff' }
    | { readonly type: 'console'; readonly object: LiveObjectName }
    /** Nothing to click. */
    | { readonly type: 'none' };
}

/** How each object of the file is in the cluster, and what can be done with it. Nothing without a cluster or without a namespace to look in. */
export function lensesOf({ document, parts, surroundings, cluster }: Request): readonly Lens[] {
  if (!cluster) {
    return [];
  }
  return parts.flatMap((part): Lens[] => {
    const identity = identityOf(part.manifest);
    if (!identity?.name || !isPlatformKind(identity)) {
      return [];
    }
    const isNamespaced = knownKind(identity.id)?.namespaced !== false;
    const namespace = isNamespaced ? identity.namespace ?? surroundings.namespace : undefined;
    if (isNamespaced && namespace === undefined) {
      return [];
    }
    const live = liveObject(cluster, identity.id, identity.name, namespace);
    const start = rangeIn(document, part, tokenAt(part.manifest, ['apiVersion'], 'key')).start;
    const range = { start, end: start };
    const place = namespace === undefined ? cluster.name : `${cluster.name} · ${namespace}`;
    const apply: readonly Lens[] = part.manifest.syntax ? [] : [
      { range, title: t('Apply'), tooltip: t('Ask the cluster what the manifest would change, then apply it'), action: { type: 'apply' } },
      { range, title: t('Diff'), tooltip: t('Show what applying the manifest would change'), action: { type: 'diff' } },
    ];
    if (live === undefined) {
      return [{ range, title: t('Not known ({0})', place), tooltip: whyUnknown(cluster.view.state(identity.id)), action: { type: 'none' } }, ...apply];
    }
    if (live === null) {
      return [{ range, title: t('Not in the cluster ({0})', place), action: { type: 'none' } }, ...apply];
    }
    const object = { context: cluster.id, kind: identity.id, name: identity.name, ...(namespace === undefined ? {} : { namespace }) };
    const state = [...stateOf(live).slice(0, 5), ...(isStale(cluster.view, identity.id) ? [t('as last known')] : [])].join(' · ');
    const hasConsole = identity.id === 'VirtualMachine' && phaseOf(live) === 'Running';
    return [
      { range, title: [state || t('In the cluster'), `(${place})`].join(' '), tooltip: t('Open the object in the cluster'), action: { type: 'openLive', object } },
      ...apply,
      ...(hasConsole ? [{ range, title: t('Open console'), tooltip: t('Open the serial console of the machine'), action: { type: 'console' as const, object } }] : []),
    ];
  });
}

function whyUnknown(state: KindState): string {
  switch (state.phase) {
    case 'failed': return state.problem.message;
    case 'live': return state.partial?.message ?? t('The cluster has not told about this namespace.');
    case 'stale': return t('The connection is lost.');
    case 'loading': case 'unlisted': return t('The cluster has not told yet.');
  }
}
