import { t } from '@vscode/l10n';
import { timeOf } from './age';
import type { ClusterView } from './clusterView';
import type { KindId } from './kind';
import type { KubeObject } from './kubeObject';
import { text } from './text';
import { entryOf, numberAt, stringAt } from './values';

/** Events about one object that say the same, as one. */
export interface FoldedEvent {
  readonly reason: string;
  /** The platform's words, or ours where they mislead. */
  readonly message: string;
  readonly isWarning: boolean;
  readonly count: number;
  /** Epoch of the latest. */
  readonly lastMs: number;
  /** Written at every look of a controller, so it tells nothing. */
  readonly isNoise: boolean;
}

/** Reasons that come again and again while nothing happens (recorded, virtualization v1.10); for addresses attaching is one of them. */
const noise: ReadonlySet<string> = new Set(['VirtualMachineSynced', 'VirtualImageSpecHasBeenChanged', 'NodesWereUpdated']);
const addressNoise: ReadonlySet<string> = new Set(['Attached', 'NotAttached', 'Bound']);

/** Reasons whose recorded text says something else than what happened. */
const ownWords: Readonly<Record<string, string>> = {
  RestartAwaitingChanges: text('Changes wait for a restart.'),
};

/** Successes that are written as warnings. */
const noWarnings: ReadonlySet<string> = new Set(['VirtualMachineOperationSucceeded']);

/** One start is told by the operation and again by the run policy. */
const twinMs = 3_000;

/** What is known to have happened to an object, the latest first; `undefined` while Events are not watched or may not be read. */
export function eventsOf(object: KubeObject, kind: KindId, view: ClusterView): readonly FoldedEvent[] | undefined {
  const events = view.referring('Event', kind, object.metadata.name, object.metadata.namespace);
  return events && foldEvents(events.filter((event) => isAbout(event, object)));
}

/** Folds repetitions and sorts, the latest first. */
export function foldEvents(events: readonly KubeObject[]): readonly FoldedEvent[] {
  const folded = new Map<string, FoldedEvent>();
  for (const event of events.map(readEvent).sort((a, b) => b.lastMs - a.lastMs)) {
    const key = event.isNoise ? event.reason : `${event.reason} ${event.message}`;
    const latest = folded.get(key);
    folded.set(key, latest ? { ...latest, count: latest.count + event.count } : event);
  }
  return [...folded.values()].filter((event, index, all) => !all.slice(0, index).some((later) => later.reason === event.reason && !event.isWarning && later.lastMs - event.lastMs < twinMs));
}

/** The latest events that tell something; noise only when there is nothing else. */
export function tellingEvents(events: readonly FoldedEvent[], count: number): readonly FoldedEvent[] {
  const telling = events.filter(({ isNoise }) => !isNoise);
  return (telling.length > 0 ? telling : events).slice(0, count);
}

function readEvent(event: KubeObject): FoldedEvent {
  const reason = stringAt(event, 'reason') ?? '';
  const kind = stringAt(event, 'involvedObject.kind') ?? '';
  const own = entryOf(ownWords, reason);
  return {
    reason,
    message: own === undefined ? (stringAt(event, 'message') ?? '').trim() : t(own),
    isWarning: stringAt(event, 'type') === 'Warning' && !noWarnings.has(reason) && !addressNoise.has(reason),
    count: numberAt(event, 'series.count') ?? numberAt(event, 'count') ?? 1,
    lastMs: timeOf(stringAt(event, 'series.lastObservedTime')) ?? timeOf(stringAt(event, 'lastTimestamp')) ?? timeOf(stringAt(event, 'eventTime')) ?? timeOf(event.metadata.creationTimestamp) ?? 0,
    isNoise: noise.has(reason) || (addressNoise.has(reason) && kind.endsWith('Address')),
  };
}

/** An earlier object of the same name has left its Events behind. */
function isAbout(event: KubeObject, object: KubeObject): boolean {
  const uid = stringAt(event, 'involvedObject.uid');
  return uid === undefined || object.metadata.uid === undefined || uid === object.metadata.uid;
}
