import { t } from '@vscode/l10n';
import { ageOf, formatDuration } from './age';
import type { ClusterView } from './clusterView';
import { type FoldedEvent, eventsOf, tellingEvents } from './events';
import { explain, type Explanation, telling } from './explain';
import { factsAbout } from './facts';
import { isBehind } from './health';
import { groupOf, kindId } from './kinds/index';
import type { Condition, KubeObject } from './kubeObject';
import { escapeMarkdown as escape } from './markdown';
import { phaseText } from './summary';

/** A tooltip answers at a glance: so many conditions and Events, no more. */
const mostConditions = 4;
const mostEvents = 3;

/** Markdown of an object's tooltip: phase and age, what is wrong and what to do, facts, the last Events. What is long is cut off below. Safe to render: all text of the cluster is escaped. */
export function tooltipOf(object: KubeObject, view: ClusterView, nowMs: number): string {
  const kind = kindId(groupOf(object.apiVersion), object.kind);
  const state = view.state(kind);
  return [
    titleLine(object, nowMs),
    state.phase === 'stale' ? `*${escape(t('Last seen {0} ago; the cluster does not answer.', formatDuration(nowMs - state.sinceMs)))}*` : '',
    isBehind(object) ? `*${escape(t('The platform has not looked at the last change yet.'))}*` : '',
    ...problems(telling(object, explain(object), nowMs)),
    factsTable(object, kind, view, nowMs),
    eventList(eventsOf(object, kind, view), nowMs),
  ].filter(Boolean).join('\n\n');
}

function titleLine(object: KubeObject, nowMs: number): string {
  const age = ageOf(object.metadata.creationTimestamp, nowMs);
  return [`**${escape(object.metadata.name)}**`, escape(phaseText(object)), age === undefined ? '' : escape(age)].filter(Boolean).join(' · ');
}

function factsTable(object: KubeObject, kind: string, view: ClusterView, nowMs: number): string {
  const facts = factsAbout(object, kind, view, nowMs);
  return facts.length === 0 ? '' : ['| | |', '|:--|:--|', ...facts.map(([label, value]) => `| ${escape(label)} | ${escape(value)} |`)].join('\n');
}

/** The first as a whole, those after it in a line each. */
function problems([first, ...others]: readonly Explanation[]): readonly string[] {
  const lines = others.slice(0, mostConditions - 1).map(({ condition, meaning }) => `- ${escape(meaning)} *${reasonOf(condition)}*`);
  return first ? [conditionBlock(first), lines.join('\n')] : [];
}

function conditionBlock({ condition, meaning, next, message }: Explanation): string {
  const sentence = [`**${escape(meaning)}**`, next === undefined ? '' : escape(next)].filter(Boolean).join(' ');
  return [sentence, ...(message === undefined ? [] : [`> ${escape(message)}`]), `*${reasonOf(condition)}*`].join('\n\n');
}

function reasonOf({ type, reason }: Condition): string {
  return escape([type, reason].filter(Boolean).join(' · '));
}

function eventList(events: readonly FoldedEvent[] | undefined, nowMs: number): string {
  const lines = tellingEvents(events ?? [], mostEvents).map(({ reason, message, isWarning, count, lastMs }) =>
    `- ${[escape(formatDuration(nowMs - lastMs)), isWarning ? `**${escape(reason)}**` : escape(reason)].join(' · ')}${count > 1 ? ` ×${count}` : ''}: ${escape(message)}`);
  return lines.length === 0 ? '' : ['---', ...lines].join('\n\n').replaceAll('\n\n- ', '\n- ').replace('---\n-', '---\n\n-');
}
