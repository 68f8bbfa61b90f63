/** The candidate that was probably meant; `undefined` when none is near. Letter case, `_` and `-` do not count. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // One slip in three letters is as far as a guess is worth making.
  let limit = Math.max(1, Math.floor(word.length / 3));
  for (const candidate of candidates) {
    const distance = plain(candidate) === plain(word) ? 0 : distanceOf(plain(word), plain(candidate), limit);
    if (distance < limit || (distance === limit && best === undefined)) {
      best = candidate;
      limit = distance;
    }
  }
  return best;
}

/** Sorted by likeness, the likeliest first, at most `count`. */
export function nearestFirst(word: string, candidates: readonly string[], count: number): readonly string[] {
  return [...candidates].map((candidate) => ({ candidate, distance: distanceOf(plain(word), plain(candidate), 100) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1)).slice(0, count).map(({ candidate }) => candidate);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[_-]/g, '');
}

/** Optimal string alignment distance: insertions, deletions, replacements, and neighbours that changed places; above `limit` any larger number. */
function distanceOf(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) {
    return limit + 1;
  }
  let [previous, current]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const before = previous ?? [];
    previous = current ?? [];
    current = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, replaced, swap);
    }
  }
  return current?.[b.length] ?? limit + 1;
}
