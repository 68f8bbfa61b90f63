/**
 * Changes text only where it differs, so that selections and screen readers are left alone, and keeps the node that holds it: browsers
 * forget a click whose text is replaced between press and release.
 */
export function setText(node: Element, text: string): void {
  const { firstChild, lastChild } = node;
  if (node.textContent === text) {
    return;
  }
  if (firstChild instanceof Text && firstChild === lastChild) {
    firstChild.data = text;
  } else {
    node.textContent = text;
  }
}

export function setAttribute(node: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) {
    node.setAttribute(name, value);
  }
}

/** Makes the children of `parent` one for each item, keeping those whose key is still there. `update` brings a kept or a new one up to date. */
export function keepChildren<T>(parent: Element, items: readonly T[], keyOf: (item: T, index: number) => string, make: (item: T) => HTMLElement, update: (child: HTMLElement, item: T, index: number) => void): void {
  const known = new Map([...parent.children].map((child) => [(child as HTMLElement).dataset['key'] ?? '', child as HTMLElement]));
  items.forEach((item, index) => {
    const key = keyOf(item, index);
    const child = known.get(key) ?? make(item);
    known.delete(key);
    child.dataset['key'] = key;
    update(child, item, index);
    if (parent.children[index] !== child) {
      parent.insertBefore(child, parent.children[index] ?? null);
    }
  });
  for (const child of known.values()) {
    child.remove();
  }
}
