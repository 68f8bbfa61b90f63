/** Whether fields can be read of `value`, as of every message; what they hold is still to be checked. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
