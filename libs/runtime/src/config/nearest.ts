/** The candidate that needs the fewest changes of a letter to become the name. */
export function nearest(name: string, candidates: readonly string[]): string {
  const ranked = candidates.map((candidate) => ({ candidate, steps: distance(name, candidate) }));
  return ranked.reduce((best, next) => (next.steps < best.steps ? next : best)).candidate;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, sign] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      next.push(Math.min(next[column]! + 1, row[column + 1]! + 1, row[column]! + (sign === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
