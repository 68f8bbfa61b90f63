/** The addresses of an IPv4 range as numbers, both ends included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** Of `10.66.10.0/24`; bits of the host do not matter. `undefined` for anything else, IPv6 too. */
export function rangeOf(text: string): AddressRange | undefined {
  const [, base = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const start = toNumber(base);
  if (start === undefined || Number(bits) > 32) {
    return undefined;
  }
  const size = 2 ** (32 - Number(bits));
  const first = start - (start % size);
  return { first, last: first + size - 1 };
}

export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** An IPv4 address as a number; `undefined` for anything else. */
export function toNumber(address: string): number | undefined {
  return isIpv4(address) ? address.split('.').reduce((value, part) => value * 256 + Number(part), 0) : undefined;
}

/** The address that a lease is of, by the lease's name, as `ip-10-66-0-4`; `undefined` when that names none. */
export function leasedAddress(lease: string): number | undefined {
  return toNumber(lease.replace(/^ip-/, '').replaceAll('-', '.'));
}

export function isIpv4(text: string): boolean {
  return /^(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}$/.test(text);
}

/** IPv4 or IPv6. */
export function isAddress(text: string): boolean {
  return isIpv4(text) || (/^[0-9A-Fa-f:.]+$/.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`));
}
