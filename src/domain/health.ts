import { timeOf } from './age';
import type { ConditionHelp, Health, Kind, ReasonHelp } from './kind';
import { groupOf, kindId, knownKind } from './kinds/index';
import type { Condition, KubeObject } from './kubeObject';
import { conditionsOf, phaseOf } from './kubeObject';
import { entryOf, numberAt } from './values';

/** How an object is doing and the condition that says so. */
export interface Judgement {
  readonly health: Health;
  /** The worst of what its conditions say; absent when its phase says enough. */
  readonly trouble?: Trouble;
}

export interface Trouble {
  readonly condition: Condition;
  readonly help: ReasonHelp;
}

/** From best to worst. */
const order: readonly Health[] = ['ok', 'off', 'unknown', 'busy', 'warning', 'failed'];

/**
 * How long a new object or a change of a condition is left alone, because the first values mislead for up to half a second
 * (recorded, virtualization v1.10); times in objects are cut to whole seconds, hence the rest.
 */
export const settleMs = 1_500;

/** Phases of objects that will not change by themselves any more; their conditions tell history. */
const isOver: readonly string[] = ['Completed', 'Superseded'];

interface TimedJudgement extends Judgement {
  readonly fromMs: number;
  /** When it may change without any change of the object. */
  readonly untilMs: number;
}

/** Most objects share one of these. */
const untroubled = Object.fromEntries(order.map((health) => [health, { health, fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY }])) as Readonly<Record<Health, TimedJudgement>>;

const judgements = new WeakMap<KubeObject, TimedJudgement>();

/** As `judge`, without the trouble. `nowMs`: epoch. */
export function healthOf(object: KubeObject, nowMs: number): Health {
  return judge(object, nowMs).health;
}

/** Judges phase, deletion and current conditions. Remembered per object, so it costs nothing to ask again. */
export function judge(object: KubeObject, nowMs: number): Judgement {
  const known = judgements.get(object);
  if (known && known.fromMs <= nowMs && nowMs < known.untilMs) {
    return known;
  }
  const judged = freshJudgement(object, nowMs);
  judgements.set(object, judged);
  return judged;
}

/** The judgement once everything about the object has settled. */
export function settledJudgement(object: KubeObject): Judgement {
  const known = judgements.get(object);
  if (known?.untilMs === Number.POSITIVE_INFINITY) {
    return known;
  }
  return freshJudgement(object, Number.POSITIVE_INFINITY);
}

/** Negative, zero or positive as `a` is better than, as good as or worse than `b`. */
export function compareHealth(a: Health, b: Health): number {
  return order.indexOf(a) - order.indexOf(b);
}

/** What is known about the kind of an object; `undefined` for kinds that only discovery knows. */
export function kindOf(object: KubeObject): Kind | undefined {
  return knownKind(kindId(groupOf(object.apiVersion), object.kind));
}

/** Whether a condition is as it should be; `undefined` when that cannot be said. */
export function isGood(condition: Condition, help: ConditionHelp | undefined): boolean | undefined {
  if (!help || help.good === 'any') {
    return undefined;
  }
  if (help.good === 'absent') {
    const reason = entryOf(help.reasons, condition.reason);
    return reason?.health === undefined && reason?.next === undefined ? undefined : false;
  }
  return condition.status === 'Unknown' ? undefined : condition.status === help.good;
}

/** Whether a condition speaks of an older specification than the object's. Some are written without saying of which. */
export function isOutdated(condition: Condition, object: KubeObject): boolean {
  return condition.observedGeneration !== undefined && object.metadata.generation !== undefined && condition.observedGeneration < object.metadata.generation;
}

/** Whether the controller has not looked at the latest specification yet. */
export function isBehind(object: KubeObject): boolean {
  const observed = numberAt(object, 'status.observedGeneration');
  return observed !== undefined && object.metadata.generation !== undefined && observed < object.metadata.generation;
}

function freshJudgement(object: KubeObject, nowMs: number): TimedJudgement {
  if (object.metadata.deletionTimestamp !== undefined) {
    return untroubled.busy;
  }
  const kind = kindOf(object);
  const phase = phaseOf(object);
  const base = phaseHealth(kind, phase, object);
  const troubles = kind && !isOver.includes(phase ?? '') ? troublesOf(object, kind, base) : [];
  if (troubles.length === 0) {
    return untroubled[base];
  }
  const settled = troubles.map((trouble) => ({ trouble, fromMs: settledAt(trouble, object) }));
  const trouble = worstOf(settled.filter(({ fromMs }) => fromMs <= nowMs).map((entry) => entry.trouble));
  const untilMs = Math.min(Number.POSITIVE_INFINITY, ...settled.map(({ fromMs }) => fromMs).filter((ms) => ms > nowMs));
  return trouble ? { health: combined(base, trouble.help.health), trouble, fromMs: nowMs, untilMs } : { health: base, fromMs: nowMs, untilMs };
}

function phaseHealth(kind: Kind | undefined, phase: string | undefined, object: KubeObject): Health {
  const known = entryOf(kind?.phases, phase);
  if (known !== undefined) {
    return known;
  }
  if (kind && Object.keys(kind.phases).length > 0) {
    return phase === undefined ? 'busy' : 'unknown';
  }
  // Kinds without phases: their conditions tell; without any there is nothing to say.
  return kind && conditionsOf(object).length > 0 ? 'ok' : 'unknown';
}

/** Everything current that has something brief to say, causes before effects. A quiet phase is disturbed only by what matters. */
function troublesOf(object: KubeObject, kind: Kind, base: Health): readonly Trouble[] {
  const found: Trouble[] = [];
  for (const condition of conditionsOf(object)) {
    const help = troubleHelp(condition, kind, base);
    if (help && !isOutdated(condition, object)) {
      found.push({ condition, help });
    }
  }
  if (found.length < 2) {
    return found;
  }
  const conditions = inReadingOrder(found.map(({ condition }) => condition), kind);
  return found.sort((a, b) => conditions.indexOf(a.condition) - conditions.indexOf(b.condition));
}

/** The worst; among equals the first. */
function worstOf(troubles: readonly Trouble[]): Trouble | undefined {
  return troubles.reduce<Trouble | undefined>((worst, trouble) => (!worst || compareHealth(trouble.help.health ?? 'ok', worst.help.health ?? 'ok') > 0 ? trouble : worst), undefined);
}

/** When a new object or a change of a condition may be believed. */
function settledAt({ condition }: Trouble, { metadata }: KubeObject): number {
  return Math.max(timeOf(metadata.creationTimestamp) ?? 0, timeOf(condition.lastTransitionTime) ?? 0) + settleMs;
}

function troubleHelp(condition: Condition, kind: Kind, base: Health): ReasonHelp | undefined {
  const conditionHelp = entryOf(kind.conditions, condition.type);
  const help = entryOf(conditionHelp?.reasons, condition.reason);
  if (!help?.brief || condition.status === 'Unknown') {
    return undefined;
  }
  const isQuiet = base === 'ok' || base === 'off';
  return help.health !== undefined || (!isQuiet && isGood(condition, conditionHelp) === false) ? help : undefined;
}

/** Conditions in the order of the kind's explanations, which is that of causes before effects; unexplained ones last. */
export function inReadingOrder(conditions: readonly Condition[], kind: Kind): readonly Condition[] {
  const types = Object.keys(kind.conditions);
  const rank = ({ type }: Condition) => (types.includes(type) ? types.indexOf(type) : types.length);
  return conditions.length < 2 ? conditions : [...conditions].sort((a, b) => rank(a) - rank(b));
}

/** A reason can only worsen what the phase says, except that `off` calms a phase that would seem busy for ever. */
function combined(phase: Health, reason: Health = phase): Health {
  return reason === 'off' && phase === 'busy' ? 'off' : compareHealth(phase, reason) >= 0 ? phase : reason;
}
