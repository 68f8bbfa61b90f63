// What runs inside the pages of migrations. Each function is sent there as text, so it uses nothing from outside itself.

interface Element {
  readonly textContent: string | null;
  readonly childElementCount: number;
}

interface PageWorld {
  readonly document: { querySelector(selector: string): Element | null };
  readonly MutationObserver: new (heard: (records: readonly { readonly target: unknown; readonly addedNodes: { readonly length: number } }[]) => void) => { observe(target: unknown, options: object): void };
  requestAnimationFrame(run: () => void): void;
  addEventListener(type: string, heard: () => void, options: object): void;
  /** When each text was painted, by the clock of this computer. */
  painted?: Record<string, number>;
  /** When a mouse button was pressed last, and when the first of the awaited elements was painted, by the clock of this computer. */
  pressedMs?: number;
  shownMs?: number;
  /** Ends the looking for them. */
  stopLooking?: () => void;
  /** How many rows were put anywhere, and how many times anything was written. */
  counted?: { put: number; written: number };
}

/** For every frame of a workbench, before anything runs there: notes when a mouse button is pressed, and when an element is painted for the first time that `selector` finds. */
export function noteFirstPaint(selector: string): void {
  const world = globalThis as unknown as PageWorld;
  world.addEventListener('mousedown', () => { world.pressedMs = Date.now(); }, { capture: true });
  // VS Code writes the document of a panel anew, which forgets observers and frames, but not timers.
  const timer = setInterval(() => {
    if (world.document.querySelector(selector)) {
      world.stopLooking?.();
      world.requestAnimationFrame(() => { setTimeout(() => { world.shownMs = Date.now(); }, 0); });
    }
  }, 2);
  world.stopLooking = () => clearInterval(timer);
}

/** When the frame's element was painted; `undefined`: it was not yet. */
export function firstPaint(): number | undefined {
  return (globalThis as unknown as PageWorld).shownMs;
}

export function lastPress(): number {
  return (globalThis as unknown as PageWorld).pressedMs ?? Number.NaN;
}

/** From now on notes when each text of the element is painted. */
export function notePaints(selector: string): void {
  const world = globalThis as unknown as PageWorld;
  const painted: Record<string, number> = {};
  world.painted = painted;
  const look = () => {
    const text = world.document.querySelector(selector)?.textContent ?? '';
    // A frame is painted after its callbacks, and the next task comes after that.
    world.requestAnimationFrame(() => { setTimeout(() => { painted[text] ??= Date.now(); }, 0); });
  };
  new world.MutationObserver(look).observe(world.document.querySelector(selector), { childList: true, characterData: true, subtree: true });
  look();
}

/** When the text was painted; `undefined`: it was not yet. */
export function paintOf(text: string): number | undefined {
  return (globalThis as unknown as PageWorld).painted?.[text];
}

/** From now on counts what is done to the rows of the table. */
export function countRows(): void {
  const world = globalThis as unknown as PageWorld;
  const body = world.document.querySelector('tbody');
  const counted = { put: 0, written: 0 };
  world.counted = counted;
  new world.MutationObserver((records) => {
    counted.written += records.length;
    counted.put += records.filter(({ target }) => target === body).reduce((sum, { addedNodes }) => sum + addedNodes.length, 0);
  }).observe(body, { childList: true, characterData: true, subtree: true });
}

export function countedRows(): { put: number; written: number } {
  return (globalThis as unknown as PageWorld).counted ?? { put: 0, written: 0 };
}
