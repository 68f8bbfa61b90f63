import type { ConsoleIntent, ConsoleStatus, ConsoleTexts } from '../../src/protocol/panels';

export interface Actions {
  readonly intent: (intent: ConsoleIntent) => void;
  readonly find: (text: string, isBackward: boolean) => void;
  readonly clear: () => void;
  readonly save: () => void;
  readonly size: () => void;
  readonly focus: () => void;
}

/** The line above the terminal and what covers the terminal when the session has stopped. */
export class Frame {
  readonly screen = element('div', 'screen');
  readonly #state = element('span', 'state');
  readonly #hint = element('span', 'hint');
  readonly #overlay = element('div', 'overlay');
  readonly #search = document.createElement('input');
  readonly #actions: Actions;
  #countdown: ReturnType<typeof setInterval> | undefined;
  #hintTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(texts: ConsoleTexts, actions: Actions) {
    this.#actions = actions;
    const bar = element('div', 'bar');
    bar.setAttribute('role', 'toolbar');
    bar.setAttribute('aria-label', texts.toolbar);
    this.#state.setAttribute('role', 'status');
    this.#hint.setAttribute('role', 'alert');
    this.#overlay.setAttribute('role', 'dialog');
    this.#overlay.hidden = true;
    this.#search.type = 'search';
    this.#search.placeholder = texts.find;
    this.#search.setAttribute('aria-label', texts.find);
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        actions.find(this.#search.value, event.shiftKey);
      } else if (event.key === 'Escape') {
        actions.focus();
      }
    });
    bar.append(this.#state, this.#hint, this.#search,
      button(texts.reconnect, () => actions.intent('connect')), button(texts.size, actions.size), button(texts.clear, actions.clear), button(texts.save, actions.save));
    const stage = element('div', 'stage');
    this.screen.setAttribute('aria-label', texts.terminal);
    stage.append(this.screen, this.#overlay);
    document.body.replaceChildren(bar, stage);
  }

  show(status: ConsoleStatus): void {
    clearInterval(this.#countdown);
    this.#state.dataset['phase'] = status.phase;
    const { retryAtMs } = status;
    const count = () => {
      const seconds = Math.max(0, Math.ceil(((retryAtMs ?? 0) - Date.now()) / 1000));
      this.#state.textContent = status.line.replace('{0}', String(seconds));
    };
    count();
    if (retryAtMs !== undefined) {
      this.#countdown = setInterval(count, 500);
    }
    this.#cover(status.overlay);
  }

  /** Says something beside the state for a moment. */
  hint(text: string): void {
    clearTimeout(this.#hintTimer);
    this.#hint.textContent = text;
    this.#hintTimer = setTimeout(() => { this.#hint.textContent = ''; }, 4000);
  }

  search(): void {
    this.#search.focus();
    this.#search.select();
  }

  #cover(overlay: ConsoleStatus['overlay']): void {
    this.#overlay.hidden = overlay === undefined;
    if (!overlay) {
      this.#overlay.replaceChildren();
      return;
    }
    const title = element('h2', '');
    title.textContent = overlay.title;
    const detail = element('p', '');
    detail.textContent = overlay.detail;
    const row = element('div', 'actions');
    row.append(...overlay.actions.map(({ intent, label }) => button(label, () => this.#actions.intent(intent))));
    this.#overlay.setAttribute('aria-label', overlay.title);
    this.#overlay.replaceChildren(title, detail, row);
  }
}

function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

function button(label: string, run: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', run);
  return made;
}
