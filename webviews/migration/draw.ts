import type { PlotPoint } from '../../src/protocol/migration';

export interface Scale {
  /** Length of the time axis, in seconds. */
  readonly longest: number;
  readonly x: (seconds: number) => number;
  /** 0 to 100. */
  readonly y: (percent: number) => number;
}

export function svg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}

/** What was reported holds until the next report, so the line has steps; where nothing was heard, or nothing reported, it ends. */
export function linePath(points: readonly PlotPoint[], valueOf: (point: PlotPoint) => number | undefined, { x, y }: Scale, gaps: readonly (readonly [number, number])[], endSeconds: number): string {
  let path = '';
  points.forEach((point, index) => {
    const value = valueOf(point);
    if (value === undefined) {
      return;
    }
    const before = points[index - 1];
    const wasDrawn = before !== undefined && valueOf(before) !== undefined && !gaps.some(([from, to]) => from < point.seconds && to > before.seconds);
    const next = points[index + 1]?.seconds ?? endSeconds;
    const gap = gaps.find(([from]) => from >= point.seconds && from < next);
    path += `${wasDrawn ? 'L' : 'M'}${x(point.seconds).toFixed(1)} ${y(value).toFixed(1)}H${x(Math.max(point.seconds, gap?.[0] ?? next)).toFixed(1)}`;
  });
  return path;
}

/** Round moments along the axis, at most seven. */
export function ticks(longest: number): readonly number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
  const step = steps.find((one) => longest / one <= 6) ?? 86_400;
  return Array.from({ length: Math.floor(longest / step) + 1 }, (_, index) => index * step);
}
