/**
 * Which of `wanted` have to be moved, and which may stay, so that a list whose items stand as in `current` gets that order with as
 * few moves as possible. Items that are not in `current` have to be put in.
 */
export function toMove<T>(current: readonly T[], wanted: readonly T[]): ReadonlySet<T> {
  const placeOf = new Map(current.map((item, place) => [item, place]));
  // The longest run of items that stand in the right order already: `ends[n]` is the last of the best run of n + 1.
  const ends: Run<T>[] = [];
  for (const item of wanted) {
    const place = placeOf.get(item);
    if (place !== undefined) {
      let [low, high] = [0, ends.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        [low, high] = (ends[middle]?.place ?? 0) < place ? [middle + 1, high] : [low, middle];
      }
      ends[low] = { place, item, before: ends[low - 1] };
    }
  }
  const moved = new Set(wanted);
  for (let run: Run<T> | undefined = ends.at(-1); run; run = run.before) {
    moved.delete(run.item);
  }
  return moved;
}

interface Run<T> {
  readonly place: number;
  readonly item: T;
  readonly before: Run<T> | undefined;
}
