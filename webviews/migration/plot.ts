import type { MigrationPlot, MigrationTexts, PlotPoint } from '../../src/protocol/migration';
import { element } from '../shared/element';
import { setText } from '../shared/patch';
import { linePath, type Scale, svg, ticks } from './draw';
import { mibText, percentText, timeText } from './values';

const height = 190;
const margin = { left: 46, right: 14, top: 10, bottom: 24 };

/** Progress over time and what is left to copy, drawn as the cluster reported them. Stretches in which nothing was heard are hatched and not joined. */
export class Plot {
  readonly element = element('div', 'plot');
  readonly #texts: MigrationTexts;
  readonly #stage = element('div', 'stage');
  readonly #read = element('div', 'read');
  readonly #svg = svg('svg', { height: String(height), role: 'img' });
  readonly #grid = svg('g', { class: 'grid' });
  readonly #gaps = svg('g', { class: 'gaps' });
  readonly #left = svg('path', { class: 'left' });
  readonly #line = svg('path', { class: 'line' });
  readonly #marks = svg('g', { class: 'marks' });
  readonly #cursor = svg('line', { class: 'cursor', y1: String(margin.top), y2: String(height - margin.bottom) });
  readonly #dot = svg('circle', { class: 'dot', r: '3.5' });
  #plot: MigrationPlot | undefined;
  #points: readonly PlotPoint[] = [];
  #at: number | undefined;

  constructor(texts: MigrationTexts) {
    this.#texts = texts;
    const legend = element('div', 'legend');
    legend.append(element('span', 'key line', texts.progress), element('span', 'key left', texts.remaining), element('span', 'key gap', texts.gap));
    const defs = svg('defs', {});
    const pattern = svg('pattern', { id: 'hatch', width: '6', height: '6', patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' });
    pattern.append(svg('line', { x1: '0', y1: '0', x2: '0', y2: '6', class: 'hatch' }));
    defs.append(pattern);
    this.#svg.append(defs, this.#grid, this.#gaps, this.#left, this.#line, this.#marks, this.#cursor, this.#dot);
    this.#stage.tabIndex = 0;
    this.#stage.setAttribute('role', 'group');
    this.#stage.setAttribute('aria-label', `${texts.plot}. ${texts.plotKeys}`);
    this.#svg.setAttribute('aria-hidden', 'true');
    this.#read.setAttribute('role', 'status');
    this.#stage.append(this.#svg);
    this.element.append(legend, this.#stage, this.#read);
    new ResizeObserver(() => this.#draw()).observe(this.#stage);
    this.#stage.addEventListener('pointermove', (event) => this.#point(this.#nearest(event.clientX)));
    this.#stage.addEventListener('pointerleave', () => this.#point(undefined));
    this.#stage.addEventListener('blur', () => this.#point(undefined));
    this.#stage.addEventListener('keydown', (event) => this.#key(event));
  }

  /** A single moment is no course. */
  get isWorthwhile(): boolean {
    return this.#points.filter(({ percent, remainingMib }) => percent !== undefined || remainingMib !== undefined).length > 1;
  }

  add(plot: MigrationPlot): void {
    this.#points = [...this.#points.slice(0, plot.from), ...plot.points];
    this.#plot = plot;
    this.#draw();
  }

  #draw(): void {
    const plot = this.#plot;
    const width = this.#stage.clientWidth;
    if (!plot || width === 0) {
      return;
    }
    this.#svg.setAttribute('width', String(width));
    const scale = this.#scale(plot, width);
    this.#grid.replaceChildren(...this.#gridLines(scale, width));
    this.#gaps.replaceChildren(...plot.gaps.map(([from, to]) => svg('rect', { x: scale.x(from).toFixed(1), width: Math.max(2, scale.x(to) - scale.x(from)).toFixed(1), y: String(margin.top), height: String(height - margin.top - margin.bottom), fill: 'url(#hatch)' })));
    this.#line.setAttribute('d', linePath(this.#points, ({ percent }) => percent, { ...scale, y: scale.y }, plot.gaps, plot.endSeconds));
    const total = Math.max(plot.totalMib ?? 0, ...this.#points.map(({ remainingMib }) => remainingMib ?? 0), 1);
    this.#left.setAttribute('d', linePath(this.#points, ({ remainingMib }) => (remainingMib === undefined ? undefined : remainingMib / total * 100), scale, plot.gaps, plot.endSeconds));
    this.#marks.replaceChildren(...plot.fallBacks.map((seconds) => {
      const x = scale.x(seconds);
      const y = scale.y(this.#points.find((point) => point.seconds >= seconds)?.percent ?? 0);
      return svg('path', { d: `M${x - 5} ${y - 12}h10l-5 8z` });
    }));
    this.#point(this.#at);
  }

  #scale({ endSeconds }: MigrationPlot, width: number): Scale {
    const longest = Math.max(endSeconds, this.#points.at(-1)?.seconds ?? 0, 1);
    return {
      longest,
      x: (seconds) => margin.left + seconds / longest * (width - margin.left - margin.right),
      y: (percent) => margin.top + (1 - percent / 100) * (height - margin.top - margin.bottom),
    };
  }

  #gridLines({ x, y, longest }: Scale, width: number): readonly SVGElement[] {
    const across = [0, 25, 50, 75, 100].flatMap((percent) => {
      const label = svg('text', { x: String(margin.left - 6), y: String(y(percent) + 4), 'text-anchor': 'end' });
      label.textContent = `${percent} %`;
      return [svg('line', { x1: String(margin.left), x2: String(width - margin.right), y1: String(y(percent)), y2: String(y(percent)) }), label];
    });
    const along = ticks(longest).map((seconds) => {
      const label = svg('text', { x: x(seconds).toFixed(1), y: String(height - 8), 'text-anchor': seconds === 0 ? 'start' : 'middle' });
      label.textContent = timeText(seconds).replace(/\.0$/, '');
      return label;
    });
    return [...across, ...along];
  }

  #nearest(clientX: number): number | undefined {
    if (!this.#plot) {
      return undefined;
    }
    const { left, width } = this.#stage.getBoundingClientRect();
    const scale = this.#scale(this.#plot, width);
    const found = this.#points.findLastIndex(({ seconds }) => scale.x(seconds) <= clientX - left);
    return found < 0 ? undefined : found;
  }

  #key(event: KeyboardEvent): void {
    const last = this.#points.length - 1;
    const moves: Readonly<Record<string, number>> = { ArrowLeft: Math.max(0, (this.#at ?? last + 1) - 1), ArrowRight: Math.min(last, (this.#at ?? last) + 1), Home: 0, End: last };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#point(to);
    } else if (event.key === 'Escape') {
      this.#point(undefined);
    }
  }

  /** Reads out one point. */
  #point(index: number | undefined): void {
    this.#at = index;
    const point = index === undefined ? undefined : this.#points[index];
    this.#cursor.style.display = point ? '' : 'none';
    this.#dot.style.display = point?.percent === undefined ? 'none' : '';
    if (!point || !this.#plot) {
      setText(this.#read, '');
      return;
    }
    const scale = this.#scale(this.#plot, this.#stage.clientWidth);
    const x = scale.x(point.seconds).toFixed(1);
    this.#cursor.setAttribute('x1', x);
    this.#cursor.setAttribute('x2', x);
    this.#dot.setAttribute('cx', x);
    this.#dot.setAttribute('cy', scale.y(point.percent ?? 0).toFixed(1));
    const { progress, remaining } = this.#texts;
    setText(this.#read, [timeText(point.seconds), point.step, `${progress}: ${percentText(point.percent, this.#texts)}`, `${remaining}: ${mibText(point.remainingMib, this.#texts)}`].join(' · '));
  }
}
