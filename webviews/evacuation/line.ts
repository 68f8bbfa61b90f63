import { columns, type EvacuationTexts, type ShownRow } from '../../src/protocol/evacuation';
import { element } from '../shared/element';
import { setText } from '../shared/patch';

/** One row of the table. It is made once; afterwards only what differs is written. */
export class Line {
  readonly element = document.createElement('tr');
  readonly button = document.createElement('button');
  readonly #texts: EvacuationTexts;
  readonly #text = element('span', 'text');
  readonly #why = element('span', 'why');
  readonly #bar = element('div', 'bar');
  readonly #fill = element('div', 'fill');
  readonly #percent = element('span', 'percent');
  readonly #cells = { namespace: cell('namespace'), from: cell('from'), to: cell('to'), duration: cell('duration') };

  constructor(row: ShownRow, texts: EvacuationTexts, open: (key: string) => void) {
    this.#texts = texts;
    this.element.dataset['key'] = row.key;
    this.element.addEventListener('click', () => open(row.key));
    this.button.tabIndex = -1;
    this.button.textContent = row.machine;
    this.button.title = texts.open.replace('{0}', row.machine);
    this.#bar.setAttribute('aria-hidden', 'true');
    this.#bar.append(this.#fill);
    const machine = cell('machine', 'th');
    machine.setAttribute('scope', 'row');
    const state = cell('state');
    const progress = cell('progress');
    machine.append(this.button);
    state.append(this.#text, this.#why);
    progress.append(this.#bar, this.#percent);
    const cells = { machine, state, progress, ...this.#cells };
    this.element.append(...columns.map((column) => cells[column]));
    this.write(row);
  }

  write({ group, text, why, detail, namespace, from, to, duration, percent }: ShownRow): void {
    if (this.element.className !== group) {
      this.element.className = group;
    }
    if (this.element.title !== detail) {
      this.element.title = detail;
    }
    setText(this.#text, text);
    setText(this.#why, why);
    setText(this.#cells.namespace, namespace);
    setText(this.#cells.from, from);
    setText(this.#cells.to, to);
    setText(this.#cells.duration, duration);
    this.#bar.hidden = percent === undefined;
    this.#fill.style.width = `${percent ?? 0}%`;
    setText(this.#percent, percent === undefined ? (group === 'moving' ? this.#texts.noPercent : '') : `${Math.round(percent)} %`);
  }
}

function cell(column: string, tag = 'td'): HTMLElement {
  return element(tag, column);
}
