import { type Span, overlaps } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';
import { shortened } from './markdown.js';
import { originHint, patchOrigins } from './patchOrigin.js';

export interface InlayHint {
  readonly offset: number;
  readonly text: string;
}

const hintLimit = 60;

/**
 * The values of tags that are written with macros, behind them: `Version: %{major}.%{minor}` `= 2.1`; behind a patch the commit
 * it comes from.
 */
export function inlayHints(snapshot: Snapshot, within: Span): readonly InlayHint[] {
  return [...valueHints(snapshot, within), ...patchHints(snapshot, within)].sort((a, b) => a.offset - b.offset);
}

function patchHints(snapshot: Snapshot, within: Span): InlayHint[] {
  const { text, facts } = snapshot;
  if (facts.traces.size === 0) return [];
  return patchOrigins(snapshot).flatMap(({ patch, trace }) => {
    const hint = overlaps(patch.span, within) ? originHint(trace) : undefined;
    if (hint === undefined) return [];
    let { end } = patch.span;
    while (end > patch.span.start && /\s/.test(text[end - 1]!)) end--;
    return [{ offset: end, text: hint }];
  });
}

function valueHints({ evaluation, text }: Snapshot, within: Span): InlayHint[] {
  return evaluation.tags.flatMap(({ valueSpan, value, generated, incomplete }) => {
    if (generated || incomplete || !overlaps(valueSpan, within)) return [];
    const written = text.slice(valueSpan.start, valueSpan.end);
    if (!written.includes('%') || written === value || value === '') return [];
    return [{ offset: valueSpan.end, text: `= ${shortened(value, hintLimit)}` }];
  });
}
