import { type EvacuationTexts, rowGroups, type RowGroup, type ShownSummary } from '../../src/protocol/evacuation';
import { element } from '../shared/element';
import { setText } from '../shared/patch';

/** Screen readers are told no more often than this how it stands. */
const announceMs = 10_000;

/** What stands above the table: how it stands as a whole, and one button for each group that shows only that. */
export class Head {
  readonly element = element('header', 'head');
  readonly #line = element('p', 'line');
  readonly #spoken = element('p', 'spoken');
  readonly #total = element('div', 'row');
  readonly #bar = element('div', 'total');
  readonly #fill = element('div', 'fill');
  readonly #percent = element('span', 'percent');
  readonly #notes = element('ul', 'notes');
  readonly #counts = new Map<RowGroup, { readonly button: HTMLButtonElement; readonly count: HTMLElement }>();
  readonly #change: (only: RowGroup | undefined) => void;
  #only: RowGroup | undefined;
  #announcement: ReturnType<typeof setTimeout> | undefined;

  constructor(texts: EvacuationTexts, only: string | undefined, change: (only: RowGroup | undefined) => void) {
    this.#only = rowGroups.find((group) => group === only);
    this.#change = change;
    this.#bar.setAttribute('role', 'progressbar');
    this.#bar.setAttribute('aria-label', texts.total);
    this.#bar.append(this.#fill);
    this.#spoken.setAttribute('role', 'status');
    this.#total.append(this.#bar, this.#percent);
    const chips = element('div', 'chips');
    chips.setAttribute('role', 'group');
    chips.setAttribute('aria-label', texts.show);
    for (const group of rowGroups) {
      const button = document.createElement('button');
      const count = element('span', 'count', '0');
      button.className = `chip ${group}`;
      button.append(count, ` ${texts.groups[group]}`);
      button.addEventListener('click', () => this.#choose(this.#only === group ? undefined : group));
      this.#counts.set(group, { button, count });
      chips.append(button);
    }
    this.element.append(element('h1', '', texts.title), this.#line, this.#spoken, this.#total, chips, this.#notes);
    this.#press();
  }

  get only(): RowGroup | undefined {
    return this.#only;
  }

  show({ line, percent, counts, notes, wait }: ShownSummary): void {
    setText(this.#line, wait ?? line);
    this.element.classList.toggle('waits', wait !== undefined);
    this.#total.hidden = percent === undefined;
    if (percent !== undefined) {
      this.#bar.setAttribute('aria-valuenow', String(percent));
      this.#fill.style.width = `${percent}%`;
      setText(this.#percent, `${percent} %`);
    }
    for (const [group, { count }] of this.#counts) {
      setText(count, String(counts[group]));
    }
    const texts = JSON.stringify(notes);
    if (this.#notes.dataset['texts'] !== texts) {
      this.#notes.dataset['texts'] = texts;
      this.#notes.replaceChildren(...notes.map((note) => element('li', '', note)));
    }
    this.#announcement ??= setTimeout(() => {
      this.#announcement = undefined;
      setText(this.#spoken, this.#line.textContent ?? '');
    }, this.#spoken.textContent === '' ? 0 : announceMs);
  }

  #choose(only: RowGroup | undefined): void {
    this.#only = only;
    this.#press();
    this.#change(only);
  }

  #press(): void {
    for (const [group, { button }] of this.#counts) {
      button.setAttribute('aria-pressed', String(group === this.#only));
    }
  }
}
