/** How a machine's cores are laid out for its guest. */
export interface Topology {
  readonly sockets: number;
  readonly coresPerSocket: number;
}

/** Highest core count of a machine (virtualization v1.10; v0.17 has no limit). */
export const mostCores = 248;

/** From how many cores on how many sockets are used; the cores must divide evenly (virtualization v1.10, recorded for 0…250). */
const rows = [
  { upTo: 16, sockets: 1 },
  { upTo: 32, sockets: 2 },
  { upTo: 64, sockets: 4 },
  { upTo: Number.POSITIVE_INFINITY, sockets: 8 },
] as const;

/** Sockets for a number of cores, whether or not the number is on the grid. */
function socketsFor(cores: number): number {
  return (rows.find(({ upTo }) => cores <= upTo) ?? rows[3]).sockets;
}

/** The platform's layout for a number of cores; `undefined` when it accepts no such number. */
export function topologyOf(cores: number): Topology | undefined {
  const sockets = socketsFor(cores);
  return Number.isInteger(cores) && cores >= 1 && cores <= mostCores && cores % sockets === 0 ? { sockets, coresPerSocket: cores / sockets } : undefined;
}

/** The nearest possible numbers of cores around `cores`, lower first; one or two of them, `cores` alone when it is possible itself. */
export function possibleCores(cores: number): readonly number[] {
  if (topologyOf(cores)) {
    return [cores];
  }
  const wanted = Math.min(Math.max(Math.round(cores), 1), mostCores);
  const lower = nextPossible(wanted, -1);
  const upper = nextPossible(wanted, 1);
  return [lower, upper].filter((value, index, all) => value !== undefined && all.indexOf(value) === index) as number[];
}

function nextPossible(from: number, step: 1 | -1): number | undefined {
  let cores = from;
  while (cores >= 1 && cores <= mostCores && !topologyOf(cores)) {
    cores += step;
  }
  return topologyOf(cores) && cores;
}
