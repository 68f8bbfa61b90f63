import { attentionKinds, type Finding, type Noticed } from './attentionRules';
import type { ClusterView } from './clusterView';
import type { KubeObject } from './kubeObject';
import { compareNames } from './selection';
import type { ObjectRef } from './treeNode';

/** Something about one object that a person should look at; an object has each `code` at most once. */
export interface Attention extends ObjectRef, Finding {
  readonly object: KubeObject;
}

interface Result {
  readonly noticed: readonly (readonly Noticed[] | undefined)[];
  readonly atMs: number;
  /** When something becomes or ceases to be worth a look without any object changing. */
  readonly untilMs: number;
  readonly items: readonly Attention[];
}

/** So many are put in order no more than once per interval. */
const manyNoticed = 5_000;
const manyNoticedIntervalMs = 2_000;

const severities = ['failed', 'warning', 'info'] as const;
const results = new WeakMap<ClusterView, Result>();

/** What needs a person, the worst first and then the newest. Kinds that are not known contribute nothing. Costs nothing while nothing changes. */
export function attentionOf(view: ClusterView, nowMs: number): readonly Attention[] {
  const noticed = attentionKinds.map((kind) => view.noticed(kind));
  const known = results.get(view);
  if (known && isStillTrue(known, noticed, nowMs)) {
    return known.items;
  }
  const result = look(noticed, nowMs);
  results.set(view, result);
  return result.items;
}

/** What a badge counts: the things to do, not the things to know, in the namespaces that are shown (none named: all). */
export function attentionCount(items: readonly Attention[], namespaces: readonly string[] = []): number {
  return items.filter((item) => item.severity !== 'info' && isIn(item, namespaces)).length;
}

/** Whether it is shown where only these namespaces are; none named: all. What has no namespace is in all. */
export function isIn({ namespace }: Attention, namespaces: readonly string[]): boolean {
  return namespaces.length === 0 || namespace === undefined || namespaces.includes(namespace);
}

function isStillTrue({ noticed, atMs, untilMs }: Result, now: Result['noticed'], nowMs: number): boolean {
  if (nowMs < atMs || nowMs >= untilMs) {
    return false;
  }
  const size = now.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  return now.every((list, index) => list === noticed[index]) || (size > manyNoticed && nowMs - atMs < manyNoticedIntervalMs);
}

function look(noticed: Result['noticed'], nowMs: number): Result {
  const items: Attention[] = [];
  let untilMs = Number.POSITIVE_INFINITY;
  attentionKinds.forEach((kind, index) => {
    for (const { object, findings } of noticed[index] ?? []) {
      for (const finding of findings) {
        if (finding.fromMs <= nowMs && nowMs < finding.toMs) {
          items.push({ ...finding, kind, name: object.metadata.name, namespace: object.metadata.namespace, object });
        }
        untilMs = Math.min(untilMs, ...[finding.fromMs, finding.toMs].filter((ms) => ms > nowMs));
      }
    }
  });
  items.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || b.sinceMs - a.sinceMs || compareNames(a.name, b.name) || compareNames(a.namespace ?? '', b.namespace ?? ''));
  return { noticed, atMs: nowMs, untilMs, items };
}
