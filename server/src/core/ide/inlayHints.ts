import { type Span, overlaps } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';
import { shortened } from './markdown.js';

export interface InlayHint {
  readonly offset: number;
  readonly text: string;
}

const hintLimit = 60;

/** The values of tags that are written with macros, behind them: `Version: %{major}.%{minor}` `= 2.1`. */
export function inlayHints({ evaluation, text }: Snapshot, within: Span): readonly InlayHint[] {
  return evaluation.tags.flatMap(({ valueSpan, value, generated, incomplete }) => {
    if (generated || incomplete || !overlaps(valueSpan, within)) return [];
    const written = text.slice(valueSpan.start, valueSpan.end);
    if (!written.includes('%') || written === value || value === '') return [];
    return [{ offset: valueSpan.end, text: `= ${shortened(value, hintLimit)}` }];
  });
}
