/** How long the toolbar stays after the pointer has left it. */
const hideMs = 3000;

/** Pixels from the top in which the pointer brings the toolbar back. */
const edge = 8;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Gives the whole panel to the screen: the toolbar hides, and comes back at the upper edge, with the keyboard, and when the session stops. */
export function fullPanel(isFull: boolean): void {
  document.body.classList.toggle('full', isFull);
  window.removeEventListener('mousemove', look, { capture: true });
  if (isFull) {
    window.addEventListener('mousemove', look, { capture: true });
    peek();
  }
}

function look({ clientY }: MouseEvent): void {
  if (clientY <= edge) {
    peek();
  }
}

function peek(): void {
  clearTimeout(timer);
  document.body.classList.add('peek');
  timer = setTimeout(() => document.body.classList.remove('peek'), hideMs);
}
