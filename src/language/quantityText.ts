import { parseQuantity } from '../domain/quantity';

const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimal = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A quantity in the spelling that Kubernetes stores: `1.5Gi` is `1536Mi`, `8192Mi` is `8Gi`. `undefined` when it is none. */
export function canonicalQuantity(value: unknown): string | undefined {
  const quantity = parseQuantity(value);
  if (!quantity || !isAccepted(value)) {
    return undefined;
  }
  const text = String(value);
  if (/i$/.test(text)) {
    const bytes = ceilUnits(quantity.nano);
    return bytes < 1024n && bytes > -1024n ? decimalText(bytes * 1_000_000_000n, false) : binaryText(bytes);
  }
  return decimalText(quantity.nano, /[eE][+-]?\d/.test(text));
}

/** Whole bytes with the largest binary suffix that keeps them exact. */
export function binaryText(bytes: bigint): string {
  let unit = 0;
  let rest = bytes;
  while (unit < binary.length - 1 && rest !== 0n && rest % 1024n === 0n) {
    rest /= 1024n;
    unit++;
  }
  return `${rest}${binary[unit] ?? ''}`;
}

/** What Kubernetes says about a text that is no quantity. */
export const quantityError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Kubernetes takes a number only as it stands in JSON, and no exponent with a fraction. */
function isAccepted(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

function decimalText(nano: bigint, withExponent: boolean): string {
  let unit = 0;
  let rest = nano;
  while (unit < decimal.length - 1 && rest !== 0n && rest % 1000n === 0n) {
    rest /= 1000n;
    unit++;
  }
  if (rest === 0n) {
    return '0';
  }
  const power = (unit - 3) * 3;
  return withExponent ? `${rest}${power === 0 ? '' : `e${power}`}` : `${rest}${decimal[unit] ?? ''}`;
}

function ceilUnits(nano: bigint): bigint {
  const whole = nano / 1_000_000_000n;
  return nano % 1_000_000_000n === 0n ? whole : nano > 0n ? whole + 1n : whole - 1n;
}
