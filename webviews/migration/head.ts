import type { MigrationUp, MigrationView } from '../../src/protocol/migration';
import { element } from '../shared/element';
import { keepChildren, setAttribute, setText } from '../shared/patch';
import { button } from '../shared/toolkit';

/** What this is about, how it is, and what can be done. */
export class Head {
  readonly element = element('header', 'head');
  readonly #title = element('h1', '');
  readonly #place = element('span', 'place');
  readonly #actions = element('div', 'actions');
  readonly #notices = element('div', 'notices');
  readonly #state = element('p', 'state');
  readonly #headline = element('span', 'headline');
  readonly #meaning = element('p', 'meaning');
  readonly #next = element('p', 'next');
  readonly #said = element('p', 'said');
  readonly #post: (message: MigrationUp) => void;

  constructor(post: (message: MigrationUp) => void) {
    this.#post = post;
    const title = element('div', 'title');
    const names = element('div', 'names');
    names.append(this.#title, this.#place);
    title.append(names, this.#actions);
    const mark = element('span', 'mark');
    mark.ariaHidden = 'true';
    this.#state.append(mark, this.#headline);
    this.#state.setAttribute('role', 'status');
    this.#notices.setAttribute('role', 'status');
    this.element.append(title, this.#notices, this.#state, this.#meaning, this.#next, this.#said);
  }

  show({ title, place, notices, headline, tone, meaning, next, said, actions }: MigrationView): void {
    setText(this.#title, title);
    setText(this.#place, place);
    setText(this.#headline, headline);
    setAttribute(this.#state, 'data-tone', tone);
    for (const [node, text] of [[this.#meaning, meaning], [this.#next, next], [this.#said, said]] as const) {
      setText(node, text);
      node.hidden = text === '';
    }
    keepChildren(this.#actions, actions, ({ intent, label, isPrimary }) => `${intent} ${label} ${isPrimary}`, ({ intent, label, isPrimary }) => button(label, () => this.#post({ type: intent }), { appearance: isPrimary ? 'primary' : 'secondary' }), () => undefined);
    keepChildren(this.#notices, notices, ({ tone: kind, action }, index) => `${index} ${kind} ${action?.label ?? ''}`, ({ tone: kind, action }) => {
      const line = element('div', 'notice');
      line.dataset['tone'] = kind;
      line.append(element('span', 'text'));
      if (action) {
        line.append(button(action.label, () => this.#post({ type: action.intent })));
      }
      return line;
    }, (line, { text }) => setText(line.firstElementChild ?? line, text));
  }
}
