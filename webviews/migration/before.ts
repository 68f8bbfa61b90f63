import type { BeforeView, MigrationUp } from '../../src/protocol/migration';
import { element } from '../shared/element';
import { keepChildren, setAttribute, setText } from '../shared/patch';
import { button } from '../shared/toolkit';

/** Whether the machine can migrate, what stands in the way and where it could go. */
export class Before {
  readonly element = element('section', 'before');
  readonly #title = element('h2', '');
  readonly #policy = element('p', 'policy');
  readonly #obstacles = element('ul', 'obstacles');
  readonly #nodesTitle = element('h3', '');
  readonly #nodesNote = element('p', 'note');
  readonly #nodes = element('ul', 'nodes');
  readonly #post: (message: MigrationUp) => void;

  constructor(post: (message: MigrationUp) => void) {
    this.#post = post;
    this.element.append(this.#title, this.#obstacles, this.#policy, this.#nodesTitle, this.#nodesNote, this.#nodes);
    this.element.hidden = true;
  }

  show(view: BeforeView | undefined): void {
    this.element.hidden = view === undefined;
    if (!view) {
      return;
    }
    setText(this.#title, view.title);
    setText(this.#policy, view.policy);
    setText(this.#nodesTitle, view.nodesTitle);
    setText(this.#nodesNote, view.nodesNote);
    this.#nodesNote.hidden = view.nodesNote === '';
    keepChildren(this.#obstacles, view.obstacles, ({ action, severity }, index) => `${index} ${severity} ${action ?? ''}`, ({ action, severity }) => {
      const line = element('li', 'obstacle');
      line.dataset['severity'] = severity;
      line.append(element('span', 'mark'), element('span', 'text'));
      if (action !== undefined) {
        line.append(button(action, () => this.#post({ type: 'obstacle', index: [...this.#obstacles.children].indexOf(line) })));
      }
      return line;
    }, (line, { mark, text }) => {
      const [first, second] = line.children;
      if (first && second) {
        setText(first, mark);
        setText(second, text);
      }
    });
    keepChildren(this.#nodes, view.nodes, ({ name }) => name, ({ name }) => {
      const line = element('li', 'candidate');
      line.append(element('span', 'name', name), element('span', 'text'));
      return line;
    }, (line, { verdict, text }) => {
      setAttribute(line, 'data-verdict', verdict);
      setText(line.lastElementChild ?? line, text);
    });
  }
}
