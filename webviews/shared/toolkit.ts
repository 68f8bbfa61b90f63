import { provideVSCodeDesignSystem, vsCodeButton, vsCodeDropdown, vsCodeOption, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import type { Button, Dropdown, TextField } from '@vscode/webview-ui-toolkit';

// The one place that knows the toolkit, so that another one can take its place.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());

export interface ButtonOptions {
  /** `icon`: flat, for toolbars. */
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  readonly tooltip?: string;
}

export function button(label: string, run: () => void, { appearance = 'secondary', tooltip }: ButtonOptions = {}): Button {
  const made = make<Button>('vscode-button');
  made.appearance = appearance;
  made.textContent = label;
  // The toolkit names flat buttons itself, in English, unless they have a name.
  made.setAttribute('aria-label', label);
  made.title = tooltip ?? '';
  made.addEventListener('click', run);
  return made;
}

/** A button that stays pressed: `change` is told what it is from now on. Set `pressed` to show what others have changed. */
export function toggle(label: string, change: (isPressed: boolean) => void, options: ButtonOptions = {}): { readonly element: Button; pressed: boolean } {
  const element = button(label, () => change(!made.pressed), { appearance: 'icon', ...options });
  element.classList.add('toggle');
  const made = {
    element,
    get pressed() {
      return element.getAttribute('aria-pressed') === 'true';
    },
    set pressed(is: boolean) {
      element.setAttribute('aria-pressed', String(is));
    },
  };
  made.pressed = false;
  return made;
}

/** A line of text, named by its placeholder. */
export function textField(label: string): TextField {
  const made = make<TextField>('vscode-text-field');
  made.placeholder = label;
  made.setAttribute('aria-label', label);
  return made;
}

/** Calls `change` with the value of the chosen option. */
export function dropdown(label: string, options: readonly { readonly value: string; readonly label: string }[], change: (value: string) => void): Dropdown {
  const made = make<Dropdown>('vscode-dropdown');
  made.setAttribute('aria-label', label);
  made.append(...options.map(({ value, label: shown }) => {
    const option = document.createElement('vscode-option');
    option.setAttribute('value', value);
    option.textContent = shown;
    return option;
  }));
  made.addEventListener('change', () => change(made.value));
  return made;
}

function make<E extends HTMLElement = HTMLElement>(tag: string): E {
  return document.createElement(tag) as E;
}
