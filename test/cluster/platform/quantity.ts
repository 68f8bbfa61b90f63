import { parseQuantity } from '../../../src/domain/quantity';

/** Bytes of a Kubernetes quantity, e.g. `10Gi`; `0` for what is none. */
export function bytesOf(quantity: unknown): number {
  return Number((parseQuantity(quantity)?.nano ?? 0n) / 1_000_000_000n);
}

export function mibOf(quantity: unknown): number {
  return Math.round(bytesOf(quantity) / 2 ** 20);
}

/** The CPU request of a share of cores: `400m`, `1`. */
export function requestedCores(cores: number, coreFraction: string): string {
  const milli = Math.round(cores * Number.parseInt(coreFraction, 10) * 10);
  return milli % 1000 === 0 ? `${milli / 1000}` : `${milli}m`;
}
