import type { MigrationTexts, MigrationView } from '../../src/protocol/migration';
import { element } from '../shared/element';
import { setAttribute, setText } from '../shared/patch';

/** From node to node, with how far it is between them. */
export class Picture {
  readonly element = element('section', 'picture');
  readonly #source = new Node();
  readonly #target = new Node();
  readonly #way = element('div', 'way');
  readonly #percent = element('div', 'percent');
  readonly #bar = element('div', 'bar');
  readonly #fill = element('div', 'fill');
  readonly #detail = element('div', 'detail');

  constructor(texts: MigrationTexts) {
    this.#bar.setAttribute('role', 'progressbar');
    this.#bar.setAttribute('aria-label', texts.progress);
    this.#bar.setAttribute('aria-valuemin', '0');
    this.#bar.setAttribute('aria-valuemax', '100');
    this.#bar.append(this.#fill);
    this.#way.append(this.#percent, this.#bar, this.#detail);
    this.element.setAttribute('role', 'group');
    this.element.append(this.#source.element, this.#way, this.#target.element);
  }

  show({ picture, progress, tone }: MigrationView): void {
    this.element.hidden = picture === undefined;
    if (!picture) {
      return;
    }
    setAttribute(this.element, 'aria-label', picture.label);
    setAttribute(this.element, 'data-tone', tone);
    this.#source.show(picture.source, picture.sourceNote, picture.guestAt === 'source');
    this.#target.show(picture.target, picture.targetNote, picture.guestAt === 'target');
    setAttribute(this.#way, 'data-moving', String(picture.isMoving));
    setText(this.#percent, progress?.text ?? '');
    setText(this.#detail, progress?.detail ?? '');
    const percent = progress?.percent;
    // Without a number the bar says that something goes on, and nothing about how far.
    setAttribute(this.#bar, 'data-known', String(percent !== undefined));
    setAttribute(this.#bar, 'aria-valuenow', percent === undefined ? undefined : String(Math.floor(percent)));
    setAttribute(this.#bar, 'aria-valuetext', progress?.text);
    this.#fill.style.width = `${percent ?? 0}%`;
  }
}

class Node {
  readonly element = element('div', 'node');
  readonly #name = element('div', 'name');
  readonly #note = element('div', 'note');

  constructor() {
    this.element.append(this.#name, this.#note);
  }

  show(name: string, note: string, hasGuest: boolean): void {
    setText(this.#name, name);
    this.#name.title = name;
    setText(this.#note, note);
    setAttribute(this.element, 'data-guest', String(hasGuest));
  }
}
