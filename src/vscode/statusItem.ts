import { type Command, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import type { Disposable } from '../base/disposable';

export interface StatusItemOptions {
  readonly id: string;
  /** What the user finds it under to hide it. */
  readonly name: string;
  /** The higher, the further left. */
  readonly priority: number;
}

export interface StatusText {
  /** With icons, as `$(name)`. */
  readonly text: string;
  readonly tooltip: string;
  /** Read aloud. */
  readonly label: string;
  readonly command: Command;
}

/** An item of the status bar that is written only when it says something else: writing it for nothing would take it from under a click. */
export class StatusItem implements Disposable {
  readonly #item: StatusBarItem;
  #shown: string | undefined;

  constructor({ id, name, priority }: StatusItemOptions) {
    this.#item = window.createStatusBarItem(id, StatusBarAlignment.Left, priority);
    this.#item.name = name;
  }

  /** `undefined`: there is nothing to say, and no item. */
  show(said: StatusText | undefined): void {
    const shown = said && JSON.stringify(said);
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    if (said) {
      const { label, ...rest } = said;
      Object.assign(this.#item, { ...rest, accessibilityInformation: { label } });
      this.#item.show();
    } else {
      this.#item.hide();
    }
  }

  dispose(): void {
    this.#item.dispose();
  }
}
