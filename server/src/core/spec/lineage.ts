/** Places that survive an edit although the chunk they count from was read anew: where they stand now. */
import type { Span } from '../text/index.js';
import type { Chunk } from './chunk.js';

/** One replaced stretch: offsets `start` to `oldEnd` of the old text became `start` to `newEnd` of the new. */
export interface Edit {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** The one edit that makes `after` of `before`: what both begin and end with stays. */
export function editBetween(before: string, after: string): Edit {
  const most = Math.min(before.length, after.length);
  let start = commonLength(most, (length) => before.slice(0, length) === after.slice(0, length), (at) => before.charCodeAt(at) === after.charCodeAt(at));
  // Both halves of a character outside the basic plane belong together.
  if (start > 0 && start < most && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  const rest = most - start;
  let behind = commonLength(rest, (length) => before.endsWith(after.slice(after.length - length)), (at) => before.charCodeAt(before.length - 1 - at) === after.charCodeAt(after.length - 1 - at));
  if (behind > 0 && behind < rest && isLowSurrogate(before.charCodeAt(before.length - behind))) behind--;
  return { start, oldEnd: before.length - behind, newEnd: after.length - behind };
}

/** How many code units agree: whole blocks are compared at once, the last one unit by unit. */
function commonLength(most: number, same: (length: number) => boolean, sameAt: (at: number) => boolean): number {
  if (same(most)) return most;
  let low = 0;
  let high = most;
  while (high - low > 512) {
    const middle = (low + high) >>> 1;
    if (same(middle)) low = middle;
    else high = middle;
  }
  while (low < most && sameAt(low)) low++;
  return low;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** Whether a span is clear of the edit, so that it is known where it stands afterwards. */
export function isClear(span: Span, { start, oldEnd }: Edit): boolean {
  return span.end < start || span.start > oldEnd;
}

/** A span that the edit does not touch, moved. */
export function moved(span: Span, edit: Edit): Span {
  if (span.start <= edit.oldEnd && !(span.start === edit.oldEnd && edit.oldEnd === edit.start && span.end > span.start) && span.end <= edit.start) return span;
  const by = edit.newEnd - edit.oldEnd;
  return { start: span.start >= edit.oldEnd ? span.start + by : span.start, end: span.end >= edit.oldEnd ? span.end + by : span.end };
}

/** The edits an evaluation goes back on, the newest first, each with the chunks it did away with, by their ids, and where they had stood. */
export interface Lineage {
  readonly edit: Edit;
  readonly retired: ReadonlyMap<number, number>;
  readonly older: Lineage | undefined;
  /** Length of the chain. */
  readonly depth: number;
}

/** Longer chains are cut by evaluating afresh, so that looking up old places stays cheap. */
export const deepestLineage = 256;

/** Where a span of a retired chunk stands in the text after the newest edit; the span as it is where nothing is known of the chunk. */
export function resolveRetired(lineage: Lineage | undefined, chunk: Chunk, span: Span): Span {
  const later: Edit[] = [];
  for (let at = lineage; at !== undefined; at = at.older) {
    later.push(at.edit);
    const start = at.retired.get(chunk.id);
    if (start === undefined) continue;
    const by = start - chunk.base;
    let place: Span = { start: span.start + by, end: span.end + by };
    for (let i = later.length - 1; i >= 0; i--) place = moved(place, later[i]!);
    return place;
  }
  return span;
}
