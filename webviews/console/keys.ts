import type { Terminal } from '@xterm/xterm';
import { ownerOf } from '../../src/domain/consoleKeys';

export interface KeyActions {
  readonly copy: (text: string) => void;
  readonly find: () => void;
  /** Told when the machine begins or ceases to get every key. */
  readonly captured: (is: boolean) => void;
  /** Whether what is typed reaches a machine now. */
  readonly isConnected: () => boolean;
}

/** Gives every key of a terminal to exactly one: the machine, the editor, or the console itself. Set `isCaptured` to give the machine all. */
export class Keys {
  readonly #terminal: Terminal;
  readonly #actions: KeyActions;
  #isCaptured = false;
  /** Whether Alt is down and nothing else was pressed since. */
  #isAltAlone = false;

  constructor(terminal: Terminal, screen: HTMLElement, actions: KeyActions) {
    this.#terminal = terminal;
    this.#actions = actions;
    terminal.attachCustomKeyEventHandler((event) => this.#handle(event));
    // The editor listens at the window: what belongs to the machine never gets there.
    for (const type of ['keydown', 'keyup'] as const) {
      screen.addEventListener(type, (event) => this.#pass(event));
    }
  }

  get isCaptured(): boolean {
    return this.#isCaptured;
  }

  set isCaptured(is: boolean) {
    this.#isCaptured = is;
    this.#actions.captured(is);
  }

  /** Whether the terminal takes the key. */
  #handle(event: KeyboardEvent): boolean {
    const owner = ownerOf(event, this.#isCaptured);
    // Without a connection Tab leads to what is offered over the terminal.
    if (owner === 'machine') {
      return event.code !== 'Tab' || this.#isCaptured || this.#actions.isConnected();
    }
    if (event.type === 'keydown') {
      this.#act(owner, event);
    }
    return false;
  }

  #act(owner: ReturnType<typeof ownerOf>, event: KeyboardEvent): void {
    switch (owner) {
      case 'capture':
        event.preventDefault();
        this.isCaptured = !this.#isCaptured;
        break;
      case 'copy':
        event.preventDefault();
        if (this.#terminal.hasSelection()) {
          this.#actions.copy(this.#terminal.getSelection());
        }
        break;
      case 'find':
        event.preventDefault();
        this.#actions.find();
        break;
      // The browser pastes; the editor does what it does.
      case 'paste': case 'editor': case 'machine':
        break;
    }
  }

  #pass(event: KeyboardEvent): void {
    if (!event.isTrusted) {
      return;
    }
    const owner = ownerOf(event, this.#isCaptured);
    if (owner !== 'editor' && owner !== 'paste') {
      event.stopPropagation();
      if (this.#isCaptured && event.type === 'keydown') {
        event.preventDefault();
      }
    }
    if (event.key === 'Alt') {
      // The editor opens its menu on Alt alone; with another key it is the machine's.
      event.stopPropagation();
      if (event.type === 'keyup' && this.#isAltAlone && !this.#isCaptured) {
        this.#pressAlt(event);
      }
      this.#isAltAlone = event.type === 'keydown';
    } else {
      this.#isAltAlone = false;
    }
  }

  #pressAlt({ key, code, keyCode }: KeyboardEvent): void {
    for (const type of ['keydown', 'keyup']) {
      window.dispatchEvent(new KeyboardEvent(type, { key, code, keyCode, altKey: type === 'keydown' }));
    }
  }
}
