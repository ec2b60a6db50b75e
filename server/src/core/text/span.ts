/** A half-open range of UTF-16 offsets, `start` included, `end` not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Makes a span; throws a RangeError where `end` lies before `start`, which is always a bug in the caller. */
export function span(start: number, end: number): Span {
  if (end < start) throw new RangeError(`span ends before it starts: ${start}..${end}`);
  return { start, end };
}

/** A span of no length at `offset`. */
export function emptySpan(offset: number): Span {
  return { start: offset, end: offset };
}

/** Whether `offset` lies in the span or directly behind it, as a cursor at the end of a word does. */
export function contains(outer: Span, offset: number): boolean {
  return outer.start <= offset && offset <= outer.end;
}

/** Whether every offset of `inner` is one of `outer`. */
export function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether the two spans share at least one code unit. */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
