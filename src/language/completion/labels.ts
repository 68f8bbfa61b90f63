import { t } from '@vscode/l10n';
import type { Offer, ValuePlace } from './offer';
import { escapeSnippet } from './offer';

/** Fields whose keys are labels of nodes. */
function selectsNodes({ path }: ValuePlace): boolean {
  return path.at(-1) === 'nodeSelector' || (path.includes('nodeSelector') && path.at(-1) === 'matchLabels');
}

/** The labels that nodes have, for selectors; what only marks one node goes last. */
export function labelKeys(place: ValuePlace): readonly Offer[] {
  if (!selectsNodes(place)) {
    return [];
  }
  const counts = new Map<string, Set<string>>();
  for (const node of place.request.surroundings.view?.list('Node') ?? []) {
    for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
      counts.set(key, (counts.get(key) ?? new Set()).add(value));
    }
  }
  return [...counts].sort(([a, left], [b, right]) => left.size - right.size || (a < b ? -1 : 1))
    .map(([label, values]) => ({ label, kind: 'value', insert: `${escapeSnippet(label)}: `, detail: [...values].slice(0, 3).join(', '), asksNext: true }));
}

/** The values that nodes have under the label whose value is written. */
export function labelValues(place: ValuePlace): readonly Offer[] {
  const key = String(place.path.at(-1));
  if (!selectsNodes({ ...place, path: place.path.slice(0, -1) })) {
    return [];
  }
  const nodes = new Map<string, number>();
  for (const { metadata } of place.request.surroundings.view?.list('Node') ?? []) {
    const value = metadata.labels?.[key];
    if (value !== undefined) {
      nodes.set(value, (nodes.get(value) ?? 0) + 1);
    }
  }
  return [...nodes].sort().map(([label, count]) => ({ label: label === '' ? '""' : label, kind: 'value', insert: escapeSnippet(/^[A-Za-z][\w./-]*$/.test(label) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(label) ? label : JSON.stringify(label)), detail: count === 1 ? t('1 node') : t('{0} nodes', count) }));
}
