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
}

/** A measurement with what follows from it; the form of `--json`. */
export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: Goal | null;
  readonly reference: { readonly name: string; readonly value: number } | null;
  /** `value / reference.value`; null without a reference. */
  readonly ratio: number | null;
  /** null without a goal. */
  readonly met: boolean | null;
}

export function resultOf({ name, value, unit, goal, reference }: Measurement): Result {
  const ratio = reference ? value / reference.value : null;
  const judged = goal?.on === 'ratio' ? ratio : value;
  const met = goal && judged !== null ? (goal.op === '<=' ? judged <= goal.limit : judged >= goal.limit) : null;
  return { name, value: round(value), unit, goal: goal ?? null, reference: reference ? { ...reference, value: round(reference.value) } : null, ratio: ratio === null ? null : round(ratio), met };
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
