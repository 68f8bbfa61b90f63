import type { MigrationTexts, ShownStep } from '../../src/protocol/migration';
import { element } from '../shared/element';
import { keepChildren, setAttribute, setText } from '../shared/patch';

/** The steps from left to right, as wide as they took. */
export class Timeline {
  readonly element = element('section', 'timeline');
  readonly #steps = element('ol', 'steps');

  constructor(texts: MigrationTexts) {
    this.element.append(element('h2', '', texts.timeline), this.#steps);
  }

  show(steps: readonly ShownStep[]): void {
    keepChildren(this.#steps, steps, (_, index) => String(index), () => {
      const line = element('li', 'step');
      const bar = element('div', 'stretch');
      bar.ariaHidden = 'true';
      line.append(bar, element('div', 'label'), element('div', 'detail'));
      return line;
    }, (line, { label, detail, state, weight }) => {
      const [, name, length] = line.children;
      setAttribute(line, 'data-state', state);
      setAttribute(line, 'aria-current', state === 'current' ? 'step' : undefined);
      line.style.flexGrow = weight.toFixed(2);
      if (name && length) {
        setText(name, label);
        setText(length, detail);
      }
    });
  }
}
