/** What a goal is about: the value itself or the ratio to the reference. */
export interface Goal {
  readonly on: 'value' | 'ratio';
  readonly op: '<=' | '>=';
  readonly limit: number;
}

/** One row of the bench. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
  /** The same work done by something else in the same run. */
  readonly reference?: { readonly name: string; readonly value: number };
  /** Why it could not be measured; `value` says nothing then. */
  readonly failure?: string;
}

/** A measurement with what follows from it; the form of `--json`. */
export interface Result {
  readonly name: string;
  /** null where it could not be measured. */
  readonly value: number | null;
  readonly unit: string;
  readonly goal: Goal | null;
  readonly reference: { readonly name: string; readonly value: number } | null;
  /** `value / reference.value`; null without a reference. */
  readonly ratio: number | null;
  /** null without a goal. */
  readonly met: boolean | null;
  /** Why it could not be measured. */
  readonly failure: string | null;
}

/** What takes the place of the measurements that an error has prevented. */
export function failed(name: string, error: unknown): Measurement {
  return { name, value: 0, unit: '', failure: error instanceof Error ? error.stack ?? error.message : String(error) };
}

export function resultOf({ name, value, unit, goal, reference, failure }: Measurement): Result {
  if (failure !== undefined) {
    return { name, value: null, unit, goal: null, reference: null, ratio: null, met: null, failure };
  }
  const ratio = reference ? value / reference.value : null;
  const judged = goal?.on === 'ratio' ? ratio : value;
  const met = goal && judged !== null ? (goal.op === '<=' ? judged <= goal.limit : judged >= goal.limit) : null;
  return { name, value: round(value), unit, goal: goal ?? null, reference: reference ? { ...reference, value: round(reference.value) } : null, ratio: ratio === null ? null : round(ratio), met, failure: null };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Bytes of live objects; needs `--expose-gc`. */
export function heapBytes(): number {
  global.gc?.();
  global.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Milliseconds of CPU that this process has used, in user and system mode. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
