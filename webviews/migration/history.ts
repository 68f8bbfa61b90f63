import type { HistoryLine, MigrationTexts, MigrationUp } from '../../src/protocol/migration';
import { element } from '../shared/element';
import { keepChildren, setAttribute, setText } from '../shared/patch';

/** The migrations of the machine that are known, newest first; a click shows another one. */
export class History {
  readonly element = element('section', 'history');
  readonly #rows = element('ul', 'rows');
  readonly #post: (message: MigrationUp) => void;

  constructor(texts: MigrationTexts, post: (message: MigrationUp) => void) {
    this.#post = post;
    this.element.append(element('h2', '', texts.history), this.#rows);
  }

  show(lines: readonly HistoryLine[]): void {
    this.element.hidden = lines.length === 0;
    keepChildren(this.#rows, lines, ({ uid }) => uid, ({ uid }) => {
      const row = element('li', '');
      const open = element('button', 'past');
      open.setAttribute('type', 'button');
      const mark = element('span', 'mark');
      mark.ariaHidden = 'true';
      open.append(mark, element('span', 'when'), element('span', 'way'), element('span', 'result'));
      open.addEventListener('click', () => this.#post({ type: 'select', uid }));
      row.append(open);
      return row;
    }, (row, { when, way, result, tone, isShown }) => {
      const open = row.firstElementChild;
      const [, first, second, third] = open?.children ?? [];
      if (open && first && second && third) {
        setAttribute(open, 'data-tone', tone);
        setAttribute(open, 'aria-current', isShown ? 'true' : undefined);
        setText(first, when);
        setText(second, way);
        setText(third, result);
      }
    });
  }
}
