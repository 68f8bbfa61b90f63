import type { MigrationPlot, MigrationTexts, PlotPoint } from '../../src/protocol/migration';
import { element } from '../shared/element';
import { mibText, percentText, timeText } from './values';

/** The plot for those who do not see it: every point as a row. It is made when it is opened and appended to from then on. */
export class PointTable {
  readonly element = element('details', 'table') as HTMLDetailsElement;
  readonly #texts: MigrationTexts;
  readonly #scroll = element('div', 'scroll');
  #points: PlotPoint[] = [];
  #body: HTMLElement | undefined;

  constructor(texts: MigrationTexts) {
    this.#texts = texts;
    this.#scroll.tabIndex = 0;
    this.#scroll.setAttribute('role', 'region');
    this.#scroll.setAttribute('aria-label', texts.table);
    this.element.append(element('summary', '', texts.table), this.#scroll);
    this.element.addEventListener('toggle', () => {
      if (this.element.open) {
        this.#draw();
      }
    });
  }

  add({ from, points }: MigrationPlot): void {
    this.#points = [...this.#points.slice(0, from), ...points];
    if (this.#body && this.element.open) {
      if (from === 0 || this.#body.childElementCount !== from) {
        this.#draw();
      } else {
        this.#body.append(...points.map((point) => this.#row(point)));
      }
    }
  }

  #draw(): void {
    const { time, step, progress, remaining, sent } = this.#texts;
    const table = element('table', '');
    const head = element('tr', '');
    head.append(...[time, step, progress, remaining, sent].map((label) => {
      const cell = element('th', '', label);
      cell.setAttribute('scope', 'col');
      return cell;
    }));
    const top = element('thead', '');
    top.append(head);
    this.#body = element('tbody', '');
    this.#body.append(...this.#points.map((point) => this.#row(point)));
    table.append(top, this.#body);
    this.#scroll.replaceChildren(table);
  }

  #row({ seconds, step, percent, remainingMib, processedMib }: PlotPoint): HTMLElement {
    const row = element('tr', '');
    row.append(...[timeText(seconds), step, percentText(percent, this.#texts), mibText(remainingMib, this.#texts), mibText(processedMib, this.#texts)].map((value) => element('td', '', value)));
    return row;
  }
}
