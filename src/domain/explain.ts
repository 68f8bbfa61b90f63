import { t } from '@vscode/l10n';
import { timeOf } from './age';
import { inReadingOrder, isGood, isOutdated, judge, kindOf } from './health';
import type { Condition, KubeObject } from './kubeObject';
import { conditionsOf } from './kubeObject';
import { entryOf } from './values';

/** A condition in plain words. */
export interface Explanation {
  readonly condition: Condition;
  /** `undefined`: neither good nor bad, or not known. */
  readonly isGood: boolean | undefined;
  /** One sentence; the platform's message when we have no words of our own. */
  readonly meaning: string;
  /** What to do next; only for what is not good. */
  readonly next: string | undefined;
  /** The platform's message where it says more than the meaning. */
  readonly message: string | undefined;
  readonly sinceMs: number | undefined;
  /** It speaks of an older specification. */
  readonly isOutdated: boolean;
  /** It says what is wrong or going on, not merely that something is off because something else is. */
  readonly isTelling: boolean;
  /** What it says is bad, whatever its status: a `True` may come with a reason that is a failure. */
  readonly isBad: boolean;
}

/** All conditions of an object, causes before effects. */
export function explain(object: KubeObject): readonly Explanation[] {
  const kind = kindOf(object);
  const conditions = conditionsOf(object);
  return (kind ? inReadingOrder(conditions, kind) : conditions).map((condition) => {
    const help = entryOf(kind?.conditions, condition.type);
    const reason = entryOf(help?.reasons, condition.reason);
    const message = condition.message?.trim() || undefined;
    const good = isGood(condition, help);
    const own = reason?.meaning ?? (condition.status === 'Unknown' ? notYetKnown() : good === true || !message ? help?.meaning : undefined);
    const isTelling = condition.status !== 'Unknown' && (reason?.health !== undefined || (good === false && (!reason || reason.next !== undefined || reason.brief !== undefined)));
    return {
      condition, isGood: good, isTelling,
      isBad: isTelling && (reason?.health === undefined ? good === false : reason.health === 'failed' || reason.health === 'warning'),
      meaning: own === undefined ? message ?? condition.reason ?? condition.status : own === notYetKnown() ? own : t(own),
      next: reason?.next === undefined || good === true && reason.health === undefined ? undefined : t(reason.next),
      message: own === undefined ? undefined : message,
      sinceMs: timeOf(condition.lastTransitionTime),
      isOutdated: isOutdated(condition, object),
    };
  });
}

/** Those that a person should read first: what decides how the object is judged, then causes before effects. */
export function telling(object: KubeObject, explanations: readonly Explanation[], nowMs: number): readonly Explanation[] {
  const decisive = judge(object, nowMs).trouble?.condition;
  const found = explanations.filter(({ isTelling, isOutdated }) => isTelling && !isOutdated);
  return [...found.filter(({ condition }) => condition === decisive), ...found.filter(({ condition }) => condition !== decisive)];
}

function notYetKnown(): string {
  return t('The platform has not found out yet.');
}
