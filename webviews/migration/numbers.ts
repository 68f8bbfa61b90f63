import type { MigrationTexts, MigrationView } from '../../src/protocol/migration';
import { element } from '../shared/element';
import { keepChildren, setAttribute, setText } from '../shared/patch';

/** What is known in numbers, and why the percentage fell where it did. */
export class Numbers {
  readonly element = element('section', 'numbers');
  readonly #facts = element('dl', 'facts');
  readonly #backs = element('ul', 'backs');

  constructor(texts: MigrationTexts) {
    this.element.append(element('h2', '', texts.facts), this.#facts, this.#backs);
  }

  show({ facts, fallBacks }: MigrationView): void {
    keepChildren(this.#facts, facts, ([label]) => label, ([label]) => {
      const row = element('div', 'fact');
      row.append(element('dt', '', label), element('dd', ''));
      return row;
    }, (row, [, value, hint]) => {
      setText(row.lastElementChild ?? row, value);
      setAttribute(row, 'title', hint || undefined);
    });
    keepChildren(this.#backs, fallBacks, (text) => text, (text) => element('li', '', text), () => undefined);
  }
}
