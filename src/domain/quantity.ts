/** An amount as Kubernetes writes it, exact to a billionth: `units` nano-units. */
export interface Quantity {
  readonly nano: bigint;
}

const nanoPerUnit = 1_000_000_000n;

/** Multipliers in nano-units by suffix, as in apimachinery's `resource.Quantity`. */
const suffixes: Readonly<Record<string, bigint>> = {
  n: 1n, u: 1_000n, m: 1_000_000n, '': nanoPerUnit,
  k: 10n ** 3n * nanoPerUnit, M: 10n ** 6n * nanoPerUnit, G: 10n ** 9n * nanoPerUnit, T: 10n ** 12n * nanoPerUnit, P: 10n ** 15n * nanoPerUnit, E: 10n ** 18n * nanoPerUnit,
  Ki: 2n ** 10n * nanoPerUnit, Mi: 2n ** 20n * nanoPerUnit, Gi: 2n ** 30n * nanoPerUnit, Ti: 2n ** 40n * nanoPerUnit, Pi: 2n ** 50n * nanoPerUnit, Ei: 2n ** 60n * nanoPerUnit,
};

/** Longer exponents are refused so that a hostile text cannot cost time. */
const syntax = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,3})|(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]))?$/;

/** Parses `20Gi`, `1.5`, `500m`, `4e9`, or a number; `undefined` when it is none. Below a billionth it is rounded away from zero, as the API server does. */
export function parseQuantity(value: unknown): Quantity | undefined {
  const found = typeof value === 'number' || typeof value === 'string' ? syntax.exec(String(value)) : null;
  if (!found) {
    return undefined;
  }
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = found;
  if (whole + fraction === '') {
    return undefined;
  }
  let numerator = BigInt(whole + fraction) * (suffixes[suffix] ?? nanoPerUnit);
  let denominator = 10n ** BigInt(fraction.length);
  const power = Number(exponent ?? 0);
  numerator *= 10n ** BigInt(Math.max(power, 0));
  denominator *= 10n ** BigInt(Math.max(-power, 0));
  const nano = (numerator + denominator - 1n) / denominator;
  return { nano: sign === '-' ? -nano : nano };
}

/** Negative, zero or positive as `a` is less than, equal to or more than `b`. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}

/** Whole units, rounded up, e.g. bytes. */
export function toUnits({ nano }: Quantity): bigint {
  return nano >= 0n ? (nano + nanoPerUnit - 1n) / nanoPerUnit : nano / nanoPerUnit;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes for people, with at most one decimal: `512 B`, `1.5 GiB`, `20 GiB`. */
export function formatBytes(quantity: Quantity): string {
  const bytes = toUnits(quantity);
  const size = bytes < 0n ? -bytes : bytes;
  let unit = 0;
  while (unit < byteUnits.length - 1 && size >= 1024n ** BigInt(unit + 1)) {
    unit += 1;
  }
  const tenths = (size * 10n + 1024n ** BigInt(unit) / 2n) / 1024n ** BigInt(unit);
  const text = tenths % 10n === 0n ? `${tenths / 10n}` : `${tenths / 10n}.${tenths % 10n}`;
  return `${bytes < 0n ? '-' : ''}${text} ${byteUnits[unit]}`;
}

/** A size as the object has it, for people; verbatim when it is no quantity, `undefined` when it is missing. */
export function sizeText(value: unknown): string | undefined {
  const quantity = parseQuantity(value);
  return quantity ? formatBytes(quantity) : typeof value === 'string' && value !== '' ? value : undefined;
}
