import type { Json } from './scalars';

/** A string in Go's double quotes, as `strconv.Quote` and `%q` print it. */
export function goQuote(text: string): string {
  return `"${text.replace(/[\\"]|[^ -~]/gu, (char) => escapes[char] ?? (isPrintable(char) ? char : escapeCode(char)))}"`;
}

/** A value as `encoding/json` prints it: sorted keys, `<`, `>` and `&` escaped. */
export function goJson(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map(goJson).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return `{${Object.keys(value).sort(byBytes).map((key) => `${goJson(key)}:${goJson(value[key] ?? null)}`).join(',')}}`;
  }
  if (typeof value === 'string') {
    return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escapeCode);
  }
  return typeof value === 'number' ? jsonNumber(value) : String(value);
}

/** A number as `%v` prints it: integers in full, other numbers with an exponent below 1e-4 and from 1e21 on. */
export function goNumber(value: number): string {
  if (isGoInteger(value)) {
    return String(BigInt(value));
  }
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const text = exponent < -4 || exponent >= 21 ? value.toExponential() : String(value);
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}

/** Whether Go holds the number as an `int64`: JSON without fraction or exponent, within 64 bits. */
export function isGoInteger(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

/** Compares as Go sorts strings: by the bytes of UTF-8, which is by code point. */
export function byBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) {
      // Halves of a pair stand for what lies behind every single unit.
      return isHalf(left) === isHalf(right) ? left - right : isHalf(left) ? 1 : -1;
    }
  }
  return a.length - b.length;
}

function isHalf(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}

const escapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r', '\v': '\\v', '\f': '\\f', '\b': '\\b', '\x07': '\\a' };

function isPrintable(char: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(char);
}

function escapeCode(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x80 && !/[<>&]/.test(char) ? `\\x${hex(code, 2)}` : code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function jsonNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : isGoInteger(value) ? String(BigInt(value)) : String(value).replace(/e-0?(\d)$/, 'e-0$1');
}
