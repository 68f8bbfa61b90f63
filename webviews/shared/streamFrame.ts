import type { StreamIntent, StreamStatus } from '../../src/protocol/stream';
import { element } from './element';
import { keepChildren, setText } from './patch';
import './streamFrame.css';
import { toolbar } from './toolbar';
import { button } from './toolkit';

export interface StreamFrameOptions {
  /** What the toolbar is called. */
  readonly toolbar: string;
  /** Shows the controls for which there is no room. */
  readonly more: string;
  /** What the screen is called. */
  readonly screen: string;
  readonly intent: (intent: StreamIntent) => void;
}

/** How long a hint is shown. */
const hintMs = 4000;

/** The page of a stream: a thin toolbar with the state of the connection, the screen, and over it what stops the session. */
export class StreamFrame {
  /** Where the terminal or the picture goes. */
  readonly screen = element('div', 'screen');
  /** Around it, for what lies over the screen. */
  readonly stage = element('main', 'stage');
  readonly #state = element('span', 'state');
  readonly #hint = element('div', 'hint');
  readonly #notice = element('div', 'notice');
  readonly #overlay = element('div', 'overlay');
  readonly #title = element('h2', '');
  readonly #detail = element('p', '');
  readonly #actions = element('div', 'actions');
  readonly #intent: (intent: StreamIntent) => void;
  #countdown: ReturnType<typeof setInterval> | undefined;
  #hintTimer: ReturnType<typeof setTimeout> | undefined;

  /** `controls` stand at the end of the toolbar, in this order. */
  constructor({ toolbar: label, more, screen, intent }: StreamFrameOptions, controls: readonly HTMLElement[]) {
    this.#intent = intent;
    this.#state.setAttribute('role', 'status');
    this.#hint.setAttribute('role', 'alert');
    this.#overlay.setAttribute('role', 'dialog');
    this.#overlay.hidden = true;
    this.#overlay.append(this.#title, this.#detail, this.#actions);
    this.screen.setAttribute('role', 'group');
    this.screen.setAttribute('aria-label', screen);
    this.#notice.setAttribute('role', 'status');
    this.#notice.hidden = true;
    this.stage.append(this.screen, this.#hint, this.#overlay);
    document.body.replaceChildren(toolbar({ label, more, state: this.#state, controls }), this.#notice, this.stage);
  }

  show(status: StreamStatus): void {
    clearInterval(this.#countdown);
    if (status.phase === 'open' && this.#state.dataset['phase'] !== 'open') {
      // That nothing is sent is true no longer.
      this.hint('');
    }
    this.#state.dataset['phase'] = status.phase;
    const { retryAtMs } = status;
    const count = () => {
      const seconds = Math.max(0, Math.ceil(((retryAtMs ?? 0) - Date.now()) / 1000));
      const line = status.line.replace('{0}', String(seconds));
      setText(this.#state, line);
      this.#state.title = line;
    };
    count();
    if (retryAtMs !== undefined) {
      this.#countdown = setInterval(count, 500);
    }
    this.#overlay.dataset['phase'] = status.phase;
    this.#cover(status.overlay);
  }

  /** Says something below the toolbar until it says something else, or the user closes it where `close` names the button for that; `undefined`: nothing. */
  notice(text: string | undefined, close?: { readonly label: string; readonly run: () => void }): void {
    this.#notice.hidden = text === undefined;
    this.#notice.replaceChildren(element('span', '', text ?? ''));
    if (close) {
      this.#notice.append(button(close.label, () => {
        this.notice(undefined);
        close.run();
      }, { appearance: 'icon' }));
    }
  }

  /** Says something over the screen for a moment. */
  hint(text: string): void {
    clearTimeout(this.#hintTimer);
    this.#hint.textContent = text;
    this.#hintTimer = setTimeout(() => { this.#hint.textContent = ''; }, hintMs);
  }

  #cover(overlay: StreamStatus['overlay']): void {
    this.#overlay.hidden = overlay === undefined;
    const { title, detail, actions } = overlay ?? { title: '', detail: '', actions: [] };
    this.#overlay.setAttribute('aria-label', title);
    setText(this.#title, title);
    setText(this.#detail, detail);
    // It is said anew whenever anything in the cluster changes: a button that is there keeps its focus and the click that is under way.
    const offered = actions.map((action, index) => ({ ...action, appearance: index === 0 ? 'primary' as const : 'secondary' as const }));
    keepChildren(this.#actions, offered, ({ intent, label, appearance }) => `${intent} ${label} ${appearance}`, ({ intent, label, appearance }) => button(label, () => this.#intent(intent), { appearance }), () => undefined);
  }
}
