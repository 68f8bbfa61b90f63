import { t } from '@vscode/l10n';
import { formatDuration } from './age';
import type { ClusterView } from './clusterView';
import { type Evacuation, evacuationOf, Heard } from './evacuation';
import type { EvacuationGroup } from './evacuationRow';

/** An evacuation as a whole. */
export interface EvacuationSummary {
  readonly counts: Readonly<Record<EvacuationGroup, number>>;
  readonly total: number;
  /** Of all machines together, 0 to 100; `undefined`: there is none. */
  readonly percent: number | undefined;
  /** One sentence. */
  readonly line: string;
  /** What else has to be known, the least certain first. */
  readonly notes: readonly string[];
}

/** How far all rows are together, and what speaks against the numbers: kinds that cannot be read or are behind. */
export function summaryOf(evacuation: Evacuation, view: Pick<ClusterView, 'state'>, nowMs: number): EvacuationSummary {
  const { rows } = evacuation;
  const counts = { stays: 0, moving: 0, waiting: 0, left: 0 };
  let sum = 0;
  for (const { group, percent } of rows) {
    counts[group]++;
    // What failed half way has to begin again.
    sum += group === 'left' ? 100 : group === 'moving' ? percent ?? 0 : 0;
  }
  return {
    counts, total: rows.length, percent: rows.length === 0 ? undefined : Math.floor(sum / rows.length),
    line: lineOf(evacuation, counts), notes: [...knowledge(view, nowMs), ...about(evacuation)],
  };
}

/** Of the whole cluster, at one moment; `undefined` until it is known. */
export function summaryNow(view: ClusterView, nowMs: number): EvacuationSummary | undefined {
  const evacuation = evacuationOf(view, undefined, nowMs, new Heard().recordOf);
  return evacuation && summaryOf(evacuation, view, nowMs);
}

/** The name of a group. */
export function groupText(group: EvacuationGroup, node: string | undefined): string {
  switch (group) {
    case 'stays': return t('stay');
    case 'moving': return t('moving');
    case 'waiting': return t('waiting');
    case 'left': return node === undefined ? t('moved') : t('left');
  }
}

function lineOf({ node, rows, others }: Evacuation, { left, stays, moving, waiting }: EvacuationSummary['counts']): string {
  if (rows.length === 0) {
    return node === undefined ? t('No machine moves, and none has to.') : others === 0 ? t('No machine is on "{0}", and none is known to have left it.', node) : t('No machine leaves "{0}".', node);
  }
  if (moving + waiting === 0) {
    return stays === 0
      ? node === undefined ? t('All migrations have arrived.') : t('All machines that had to leave "{0}" have left.', node)
      : node === undefined ? t('Nothing moves any more; machines that stay: {0}.', stays) : t('Nothing more leaves "{0}" by itself; machines that stay: {1}.', node, stays);
  }
  return node === undefined ? t('{0} of {1} machines have moved.', left, rows.length) : t('{0} of {1} machines have left "{2}".', left, rows.length, node);
}

function about({ node, place, rows, others }: Evacuation): readonly string[] {
  if (node === undefined) {
    const emptied = new Set(rows.flatMap(({ isDrain, group, from }) => (isDrain && group !== 'left' && from !== undefined ? [from] : [])));
    return emptied.size === 0 ? [] : [t('Nodes that are being emptied: {0}.', [...emptied].sort().join(', '))];
  }
  return [...(place === undefined ? [] : [placeText(place)]), ...(others > 0 ? [t('Machines on this node that nobody asks to leave: {0}.', others)] : [])];
}

function placeText(place: NonNullable<Evacuation['place']>): string {
  switch (place) {
    case 'open': return t('The node still takes new machines.');
    case 'closed': return t('The node takes no new machines.');
    case 'gone': return t('There is no such node any more.');
    case 'unreadable': return t('Whether the node takes new machines is not known: you may not read nodes.');
  }
}

/** What is missing or old in what is shown. */
function knowledge(view: Pick<ClusterView, 'state'>, nowMs: number): readonly string[] {
  const states = (['VirtualMachineOperation', 'VirtualMachine'] as const).map((kind) => view.state(kind));
  const stale = states.find((state) => state.phase === 'stale');
  const partial = states.find((state) => state.phase === 'live' && state.namespaces !== undefined);
  return [
    ...(stale?.phase === 'stale' ? [t('As it was {0} ago: {1}', formatDuration(nowMs - stale.sinceMs), stale.problem.message)] : []),
    ...(partial?.phase === 'live' && partial.namespaces ? [t('Only of the namespaces that you may read: {0}.', partial.namespaces.join(', '))] : []),
  ];
}
