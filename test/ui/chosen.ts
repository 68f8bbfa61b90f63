interface Entry { readonly classList?: { contains(name: string): boolean }; querySelector(selectors: string): { readonly textContent: string | null } | null }

/**
 * For the page of the workbench, before anything runs there: keeps the label of the entry of a menu that was clicked last as `dvpChosen`.
 * A menu may close by itself before a click, and a click that took too long may have arrived. Sent as text.
 */
export function keepChosen(): void {
  const world = globalThis as unknown as { addEventListener(type: 'mouseup', listener: (event: { composedPath(): readonly Entry[] }) => void, isFirst: boolean): void; dvpChosen?: string | null };
  world.addEventListener('mouseup', (event) => {
    // Menus stand in shadow roots.
    const entry = event.composedPath().find(({ classList }) => classList?.contains('action-item'));
    world.dvpChosen = entry?.querySelector('.action-label')?.textContent ?? null;
  }, true);
}
