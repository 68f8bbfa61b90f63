import { element } from './element';
import './menu.css';
import { button } from './toolkit';

export interface MenuItem {
  readonly label: string;
  /** Absent: shown, and not to be chosen. */
  readonly run?: () => void;
}

/** Pixels that are left free beside a list. */
const pageEdge = 4;

/** A flat button that opens a list of commands, made anew each time. Arrows move, Escape closes. */
export function menu(label: string, items: () => readonly MenuItem[]): HTMLElement {
  const whole = element('span', 'menu');
  const list = element('div', 'menu-list');
  list.setAttribute('role', 'menu');
  list.setAttribute('aria-label', label);
  list.hidden = true;
  const opener = button(`${label} ▾`, () => (list.hidden ? open() : close(true)), { appearance: 'icon' });
  opener.setAttribute('aria-label', label);
  opener.setAttribute('aria-haspopup', 'menu');
  const entries = () => [...list.querySelectorAll<HTMLButtonElement>('button:not([disabled])')];
  const open = () => {
    list.replaceChildren(...items().map(({ label: text, run }) => {
      const entry = element('button', 'menu-item', text) as HTMLButtonElement;
      entry.type = 'button';
      entry.setAttribute('role', 'menuitem');
      entry.disabled = run === undefined;
      entry.addEventListener('click', () => {
        close(true);
        run?.();
      });
      return entry;
    }));
    list.hidden = false;
    // It hangs from the right end of its button, and not out of the page.
    list.style.right = '0';
    list.style.right = `${Math.min(0, list.getBoundingClientRect().left - pageEdge)}px`;
    opener.setAttribute('aria-expanded', 'true');
    entries()[0]?.focus();
  };
  const close = (returns: boolean) => {
    list.hidden = true;
    opener.setAttribute('aria-expanded', 'false');
    if (returns) {
      opener.focus();
    }
  };
  close(false);
  list.addEventListener('keydown', (event) => {
    const all = entries();
    const at = all.indexOf(event.target as HTMLButtonElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next !== undefined) {
      all.at(next % all.length)?.focus();
      event.preventDefault();
    } else if (event.key === 'Escape') {
      close(true);
      event.stopPropagation();
    }
  });
  whole.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && whole.contains(relatedTarget))) {
      close(false);
    }
  });
  whole.append(opener, list);
  return whole;
}
