/** Compares versions as rpm does (rpmvercmp in rpm's rpmio/rpmvercmp.c): negative, zero or positive. */
export function compareRpmVersions(a: string, b: string): number {
  const split = (text: string): string[] => text.match(/\d+|[A-Za-z]+|~|\^/g) ?? [];
  const [left, right] = [split(a), split(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (x === y) continue;
    // A tilde sorts before everything, even the end; a caret after the end, but before anything else.
    if (x === '~') return -1;
    if (y === '~') return 1;
    if (x === '^') return y === undefined ? 1 : -1;
    if (y === '^') return x === undefined ? -1 : 1;
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    const [xNumber, yNumber] = [/^\d/.test(x), /^\d/.test(y)];
    if (xNumber !== yNumber) return xNumber ? 1 : -1;
    if (!xNumber) return x < y ? -1 : 1;
    const [p, q] = [x.replace(/^0+/, ''), y.replace(/^0+/, '')];
    if (p.length !== q.length) return p.length - q.length;
    if (p !== q) return p < q ? -1 : 1;
  }
  return 0;
}
