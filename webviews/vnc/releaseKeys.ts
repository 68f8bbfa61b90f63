/**
 * Calls `run` after Ctrl and Alt were pressed and let go with no other key between: the way to leave a screen that takes all keys.
 * The machine gets these keys as well, and has no use for them alone.
 */
export function releaseKeys(place: HTMLElement, run: () => void): void {
  let held = new Set<string>();
  let isChord = false;
  place.addEventListener('keydown', ({ key }) => {
    held = key === 'Control' || key === 'Alt' ? held.add(key) : new Set(['other']);
    isChord = held.size === 2 && !held.has('other');
  }, { capture: true });
  place.addEventListener('keyup', ({ ctrlKey, altKey }) => {
    if (!ctrlKey && !altKey) {
      held = new Set();
      if (isChord) {
        isChord = false;
        // After noVNC has told the machine that both are up.
        setTimeout(run);
      }
    }
  }, { capture: true });
  place.addEventListener('mousedown', () => { isChord = false; }, { capture: true });
}
