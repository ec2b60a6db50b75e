/**
 * The candidate that a mistyped word most likely meant: the nearest by edits (insert, delete, replace, swap of
 * neighbours), case aside, or undefined where none is near enough to be worth a guess. Ties go to the earlier candidate. `most` edits are allowed, where that is fewer.
 */
export function nearest(word: string, candidates: Iterable<string>, most = Infinity): string | undefined {
  const wanted = word.toLowerCase();
  // A third of the word may be wrong: enough for slips, too little to turn one word into another.
  let limit = Math.min(most, Math.max(1, Math.floor(wanted.length / 3)));
  let best: string | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    if (distance === 0) return candidate;
    best = candidate;
    limit = distance - 1;
  }
  return best;
}

/** Optimal string alignment distance; any number above `limit` stands for "too far". */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}
