import { t } from '@vscode/l10n';
import { ageOf, formatDuration } from './age';
import type { ClusterView } from './clusterView';
import { eventsOf } from './events';
import { explain, type Explanation, telling } from './explain';
import { factsAbout } from './facts';
import { isBehind } from './health';
import { groupOf, kindId } from './kinds/index';
import type { KubeObject } from './kubeObject';
import { plainLine } from './markdown';
import { relatedTo } from './related';
import { phaseText, summaryOf } from './summary';

/** Everything worth reading about an object as plain text: what is wrong first, then facts, conditions in plain words, what belongs to it, Events. */
export function describe(object: KubeObject, view: ClusterView, nowMs: number): string {
  const kind = kindId(groupOf(object.apiVersion), object.kind);
  const explanations = explain(object);
  const wrong = telling(object, explanations, nowMs);
  return [
    [`${object.kind} ${object.metadata.name}`],
    columns(head(object, nowMs)),
    section(wrong.some(({ isBad }) => isBad) ? t('What is wrong') : t('What is going on'), wrong.flatMap(wrongLines)),
    section(t('Facts'), columns(factsAbout(object, kind, view, nowMs))),
    section(t('Labels'), columns(Object.entries(object.metadata.labels ?? {}))),
    section(t('Conditions'), explanations.flatMap((explanation) => [conditionLine(explanation, nowMs), ...(wrong.includes(explanation) ? [] : meaningLines(explanation))])),
    section(t('Belongs to it'), relatedLines(object, kind, view, nowMs)),
    eventSection(object, kind, view, nowMs),
  ].filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n') + '\n';
}

type Rows = readonly (readonly [string, string])[];

function head(object: KubeObject, nowMs: number): Rows {
  const { metadata } = object;
  const deleted = ageOf(metadata.deletionTimestamp, nowMs);
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t('Namespace'), metadata.namespace],
    [t('Phase'), phaseText(object)],
    [t('Age'), ageOf(metadata.creationTimestamp, nowMs)],
    [t('Deletion'), deleted === undefined ? undefined : t('asked for {0} ago; waits for: {1}', deleted, metadata.finalizers?.join(', ') ?? t('nothing'))],
    [t('Note'), isBehind(object) ? t('The platform has not looked at the last change yet.') : undefined],
  ];
  return rows.filter((row): row is readonly [string, string] => row[1] !== undefined);
}

function wrongLines({ meaning, next, message }: Explanation): readonly string[] {
  return [
    plainLine(meaning),
    ...(next === undefined ? [] : [`    ${t('Next: {0}', next)}`]),
    ...(message === undefined ? [] : [`    ${t('The platform says: {0}', plainLine(message))}`]),
  ];
}

/** `!` before what is bad, `+` before what is good; neither before what merely follows from something else. */
function conditionLine({ condition, isGood, isTelling, isBad, sinceMs }: Explanation, nowMs: number): string {
  const mark = isBad ? '!' : isGood && !isTelling ? '+' : ' ';
  const since = sinceMs === undefined ? '' : ` (${formatDuration(nowMs - sinceMs)})`;
  return `${mark} ${condition.type}: ${condition.status}${condition.reason ? `, ${condition.reason}` : ''}${since}`;
}

function meaningLines({ meaning, next, message, isOutdated }: Explanation): readonly string[] {
  return [
    `    ${plainLine(meaning)}`,
    ...(message === undefined ? [] : [`    ${t('The platform says: {0}', plainLine(message))}`]),
    ...(next === undefined ? [] : [`    ${t('Next: {0}', next)}`]),
    ...(isOutdated ? [`    ${t('This speaks of an older specification.')}`] : []),
  ];
}

function relatedLines(object: KubeObject, kind: string, view: ClusterView, nowMs: number): readonly string[] {
  return columns(relatedTo(object, kind, view).map((ref) => {
    const found = view.get(ref.kind, ref.name, ref.namespace);
    const summary = found ? summaryOf(found, ref.kind, view, nowMs, { grouping: 'none', namespace: ref.namespace === object.metadata.namespace, owner: object.metadata.name }).join(', ')
      : found === null ? t('does not exist') : t('not known');
    return [`${ref.kind} ${ref.name}`, summary];
  }));
}

function eventSection(object: KubeObject, kind: string, view: ClusterView, nowMs: number): readonly string[] {
  const events = eventsOf(object, kind, view);
  if (!events) {
    return section(t('Events'), [t('not known')]);
  }
  return section(t('Events'), events.map(({ reason, message, isWarning, count, lastMs }) =>
    `${isWarning ? '!' : ' '} ${formatDuration(nowMs - lastMs).padStart(6)}  ${reason}${count > 1 ? ` ×${count}` : ''}: ${plainLine(message)}`));
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** Labels padded to one width. */
function columns(rows: Rows): readonly string[] {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${`${label}:`.padEnd(width + 2)} ${plainLine(value)}`);
}
