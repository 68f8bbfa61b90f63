const width = 140;

/** JSON with two spaces of indentation in which everything that fits into one line of 140 characters stands in one. Ends with a newline. */
export function formatJson(value: unknown): string {
  return `${format(value, '', 0)}\n`;
}

/** `taken` is what stands before the value in its line. */
function format(value: unknown, indent: string, taken: number): string {
  const flat = flatJson(value);
  if (typeof value !== 'object' || value === null || flat.length + taken <= width) {
    return flat;
  }
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item: unknown) => inner + format(item, inner, inner.length + 1))
    : Object.entries(value).map(([key, item]) => {
        const start = `${inner}${JSON.stringify(key)}: `;
        return start + format(item, inner, start.length + 1);
      });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function flatJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(flatJson).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${flatJson(item)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return JSON.stringify(value);
}
