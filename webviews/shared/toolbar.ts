import { element } from './element';
import { button } from './toolkit';

export interface ToolbarOptions {
  readonly label: string;
  /** What the button is called that shows the controls for which there is no room. */
  readonly more: string;
  /** Stands before the controls and gives way to them. */
  readonly state: HTMLElement;
  /** The first ones keep their place longest. */
  readonly controls: readonly HTMLElement[];
}

/** A toolbar of one line. Controls for which there is no room are out of reach until "More" shows them below, over what is there; they hide again when the focus leaves. */
export function toolbar({ label, more, state, controls }: ToolbarOptions): HTMLElement {
  const bar = element('div', 'bar');
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', label);
  const place = element('div', 'controls-place');
  const flow = element('div', 'controls');
  flow.append(...controls);
  const opener = button(more, () => {
    const isOpen = opener.getAttribute('aria-expanded') !== 'true';
    open(isOpen);
    if (isOpen) {
      // They stand before the button: the keyboard would go past them.
      flow.querySelector<HTMLElement>('vscode-button.wrapped:not([disabled]), .wrapped vscode-button:not([disabled])')?.focus();
    }
  }, { appearance: 'icon' });
  opener.classList.add('more');
  const open = (is: boolean) => {
    opener.setAttribute('aria-expanded', String(is));
    flow.classList.toggle('open', is);
  };
  open(false);
  place.append(flow);
  bar.append(state, place, opener);

  const fit = () => {
    const top = controls[0] ? bottomOf(controls[0]) : 0;
    const hidden = controls.filter((control) => control.offsetTop >= top);
    controls.forEach((control) => control.classList.toggle('wrapped', hidden.includes(control)));
    bar.classList.toggle('has-more', hidden.length > 0);
  };
  const size = new ResizeObserver(fit);
  [place, ...controls].forEach((each) => size.observe(each));
  bar.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && flow.classList.contains('open')) {
      event.stopPropagation();
      open(false);
      opener.focus();
    }
  });
  bar.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && bar.contains(relatedTarget))) {
      open(false);
    }
  });
  return bar;
}

function bottomOf(control: HTMLElement): number {
  return control.offsetTop + control.offsetHeight;
}
