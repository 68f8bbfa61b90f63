import { type AlphabetSwitch, alphabetSwitches, type Stroke, strokesOf, type Typing } from '../../src/domain/keyboardLayout';
import { keyboardLayouts, type LayoutId } from '../../src/domain/keyboardLayouts';
import type { VncChoice, VncTexts } from '../../src/protocol/vnc';
import { element, filled } from '../shared/element';
import { setText } from '../shared/patch';
import { button, dropdown } from '../shared/toolkit';

export interface TypeDialogActions {
  readonly type: (strokes: readonly Stroke[]) => void;
  readonly stop: () => void;
  /** Closed with nothing typed. */
  readonly closed: () => void;
  /** The user has said something about the machine's keyboard. */
  readonly choose: (choice: Partial<VncChoice>) => void;
}

type Answer = Pick<VncChoice, 'layout' | 'switchWith' | 'startsIn'>;

/** Asks what is to be typed and on which keyboard, says before what that keyboard cannot type, and can be stopped. */
export class TypeDialog {
  readonly element = document.createElement('dialog');
  readonly #texts: VncTexts;
  readonly #actions: TypeDialogActions;
  readonly #form = element('div', 'form');
  readonly #text = element('textarea', 'text') as HTMLTextAreaElement;
  readonly #problem = element('p', 'problem');
  readonly #alphabets = element('div', 'alphabets');
  readonly #type: ReturnType<typeof button>;
  readonly #layout: ReturnType<typeof dropdown>;
  readonly #switchWith: ReturnType<typeof dropdown>;
  readonly #startsIn: ReturnType<typeof dropdown>;
  readonly #progress = element('p', 'progress');
  readonly #stop: ReturnType<typeof button>;
  #answer: Answer = { layout: 'us', switchWith: 'none', startsIn: 'latin' };

  constructor(texts: VncTexts, actions: TypeDialogActions) {
    this.#texts = texts;
    this.#actions = actions;
    const change = (answer: Partial<Answer>) => {
      this.#answer = { ...this.#answer, ...answer };
      actions.choose(answer);
      this.#check();
    };
    this.#layout = dropdown(texts.layout, Object.keys(keyboardLayouts).map((value) => ({ value, label: texts.layouts[value] ?? value })), (layout) => change({ layout }));
    this.#switchWith = dropdown(texts.switchWith, alphabetSwitches.map((value) => ({ value, label: value === 'none' ? texts.switchNone : value })), (switchWith) => change({ switchWith }));
    this.#startsIn = dropdown(texts.startsIn, [{ value: 'latin', label: texts.latin }, { value: 'own', label: texts.own }], (startsIn) => change({ startsIn: startsIn === 'own' ? 'own' : 'latin' }));
    this.#type = button(texts.type, () => this.#begin(), { appearance: 'primary' });
    this.#stop = button(texts.stopTyping, () => actions.stop(), { appearance: 'primary' });
    this.#text.setAttribute('aria-label', texts.pasteText);
    this.#text.rows = 6;
    this.#text.spellcheck = false;
    this.#text.addEventListener('input', () => this.#check());
    this.#problem.setAttribute('role', 'status');
    this.#alphabets.append(field(texts.switchWith, this.#switchWith), field(texts.startsIn, this.#startsIn), element('p', 'hint-line', texts.alphabets));
    const row = element('div', 'actions');
    row.append(this.#type, button(texts.cancel, () => this.element.close()));
    this.#form.append(this.#text, element('p', 'hint-line', texts.pasteHint), field(texts.layout, this.#layout), this.#alphabets, this.#problem, row);
    this.#progress.setAttribute('role', 'status');
    const title = element('h2', '', texts.pasteTitle);
    this.element.setAttribute('aria-label', texts.pasteTitle);
    this.element.append(title, this.#form, this.#progress, this.#stop);
    // Escape while typing stops it; what closes the dialog stops as well.
    this.element.addEventListener('close', () => {
      actions.stop();
      actions.closed();
    });
  }

  get isOpen(): boolean {
    return this.element.open;
  }

  open({ layout, switchWith, startsIn }: VncChoice): void {
    this.#answer = { layout: layout in keyboardLayouts ? layout : 'us', switchWith, startsIn };
    this.#layout.value = this.#answer.layout;
    this.#switchWith.value = switchWith;
    this.#startsIn.value = startsIn;
    this.#text.value = '';
    this.#show(false);
    this.#check();
    this.element.showModal();
    this.#text.focus();
  }

  /** The user's clipboard, which may come late or never: what was written meanwhile stays. */
  offer(text: string): void {
    if (this.element.open && this.#text.value === '') {
      this.#text.value = text;
      this.#check();
    }
  }

  progress(typed: number, total: number): void {
    setText(this.#progress, filled(this.#texts.typing, typed, total));
  }

  close(): void {
    if (this.element.open) {
      this.element.close();
    }
  }

  #typing(): Typing {
    const { layout, switchWith, startsIn } = this.#answer;
    return strokesOf(this.#text.value, { layout: layout as LayoutId, switchWith: switchWith as AlphabetSwitch, startsIn });
  }

  #check(): void {
    const { strokes, impossible, uncertain } = this.#typing();
    const { texts, type } = { texts: this.#texts, type: this.#type };
    this.#alphabets.hidden = !('latin' in keyboardLayouts[this.#answer.layout as LayoutId]);
    this.#problem.textContent = [
      ...(impossible.length > 0 ? [filled(texts.impossible, impossible.map(visible).join(' '))] : []),
      ...(uncertain.length > 0 ? [filled(texts.uncertain, uncertain.join(' '))] : []),
    ].join('\n');
    const label = impossible.length > 0 ? texts.typeOthers : texts.type;
    setText(type, label);
    type.setAttribute('aria-label', label);
    type.disabled = strokes.length === 0;
  }

  #begin(): void {
    const { strokes } = this.#typing();
    this.#show(true);
    this.progress(0, strokes.length);
    this.#stop.focus();
    this.#actions.type(strokes);
  }

  #show(isTyping: boolean): void {
    this.#form.hidden = isTyping;
    this.#progress.hidden = this.#stop.hidden = !isTyping;
  }
}

function field(label: string, control: HTMLElement): HTMLElement {
  const made = element('label', 'field', label);
  made.append(control);
  return made;
}

/** A character that can be seen, or its number. */
function visible(character: string): string {
  return /[\p{C}\p{Z}\p{M}]/u.test(character) ? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` : character;
}
