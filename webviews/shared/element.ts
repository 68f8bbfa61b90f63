/** An element of its class, with text where it has one. Text is never markup. */
export function element(tag: string, className: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/** `pattern` with `{0}`, `{1}` … replaced. */
export function filled(pattern: string, ...values: readonly (string | number)[]): string {
  return pattern.replace(/\{(\d)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}
