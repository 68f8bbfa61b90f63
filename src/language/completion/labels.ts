import { t } from '@vscode/l10n';
import type { KubeObject } from '../../domain/kubeObject';
import type { Path } from '../../domain/values';
import { listAt, stringAt } from '../../domain/values';
import { valueOf } from '../values';
import type { Offer, ValuePlace } from './offer';
import { escapeSnippet } from './offer';

/** Whose labels, or taints, a field selects by. */
type Owner = 'nodes' | 'taints' | 'machines';

/** The labels that there are to select by, as keys of a mapping; what only marks one object goes last. */
export function labelKeys(place: ValuePlace): readonly Offer[] {
  const owner = ownerOf(place, place.path);
  return owner === undefined ? [] : keys(place, owner).map((offer) => ({ ...offer, insert: `${escapeSnippet(offer.label)}: `, asksNext: true }));
}

/** The labels or their values that can stand where a value is written. */
export function labelValues(place: ValuePlace): readonly Offer[] {
  const { path } = place;
  const mapped = ownerOf(place, path.slice(0, -1));
  if (mapped !== undefined) {
    return values(place, mapped, String(path.at(-1)));
  }
  const named = ownerOfKey(path);
  if (named !== undefined) {
    return keys(place, named);
  }
  // One of the values of an expression, whose key stands beside the list.
  const expression = path.slice(0, typeof path.at(-1) === 'number' ? -2 : -1);
  const owner = path.includes('values') ? ownerOfKey([...expression, 'key']) : undefined;
  const key = stringAt(valueOf(place.value, expression), 'key');
  return owner === undefined || key === undefined ? [] : values(place, owner, key);
}

/** Whose labels are the keys of a mapping. */
function ownerOf({ kind }: ValuePlace, path: Path): Owner | undefined {
  return path.at(-1) === 'matchLabels' ? selected(path) : path.at(-1) === 'nodeSelector' ? 'nodes' : kind === 'Service' && path.join('.') === 'spec.selector' ? 'machines' : undefined;
}

/** Whose label a text names. */
function ownerOfKey(path: Path): Owner | undefined {
  const isExpression = path.at(-1) === 'key' && path.at(-3) === 'matchExpressions';
  return isExpression ? selected(path) : path.at(-1) === 'topologyKey' ? 'nodes' : path.at(-1) === 'key' && path.at(-3) === 'tolerations' ? 'taints' : undefined;
}

function selected(path: Path): Owner | undefined {
  return path.includes('labelSelector') ? 'machines' : path.some((step) => step === 'nodeSelector' || step === 'nodeSelectorTerms' || step === 'preference') ? 'nodes' : undefined;
}

function keys(place: ValuePlace, owner: Owner): readonly Offer[] {
  const known = new Map<string, Set<string>>();
  for (const [key, value] of labelsOf(place, owner)) {
    known.set(key, (known.get(key) ?? new Set()).add(value));
  }
  return [...known].sort(([a, left], [b, right]) => left.size - right.size || (a < b ? -1 : 1))
    .map(([label, each]) => ({ label, kind: 'value', detail: [...each].filter(Boolean).slice(0, 3).join(', ') }));
}

function values(place: ValuePlace, owner: Owner, wanted: string): readonly Offer[] {
  const counts = new Map<string, number>();
  for (const [key, value] of labelsOf(place, owner)) {
    if (key === wanted) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return [...counts].sort().map(([label, count]) => ({ label: label === '' ? '""' : label, kind: 'value', insert: escapeSnippet(written(label)), detail: counted(owner, count) }));
}

function counted(owner: Owner, count: number): string {
  return owner === 'machines' ? (count === 1 ? t('1 machine') : t('{0} machines', count)) : count === 1 ? t('1 node') : t('{0} nodes', count);
}

/** In quotes where YAML would read something else. */
function written(label: string): string {
  return /^[A-Za-z][\w./-]*$/.test(label) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(label) ? label : JSON.stringify(label);
}

function* labelsOf({ request, namespace }: ValuePlace, owner: Owner): Iterable<readonly [key: string, value: string]> {
  const { view, workspace } = request.surroundings;
  if (owner === 'taints') {
    for (const taint of (view?.list('Node') ?? []).flatMap((node) => listAt(node, 'spec.taints'))) {
      yield [stringAt(taint, 'key') ?? '', stringAt(taint, 'value') ?? ''];
    }
    return;
  }
  const objects: readonly KubeObject[] = owner === 'nodes' ? view?.list('Node') ?? []
    : [...(namespace === undefined ? [] : view?.list('VirtualMachine', namespace) ?? []), ...workspace.list('VirtualMachine', namespace).map(({ object }) => object)];
  for (const { metadata } of objects) {
    for (const [key, value] of Object.entries((metadata as Partial<typeof metadata> | null)?.labels ?? {})) {
      if (typeof value === 'string') {
        yield [key, value];
      }
    }
  }
}
