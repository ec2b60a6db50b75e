import { type TextEdit, applyEdits, overlaps } from '../text/index.js';
import type { Finding } from './finding.js';

export interface FixedText {
  readonly text: string;
  /** Findings whose fix was applied, in order. */
  readonly fixed: readonly Finding[];
}

/**
 * Applies the fixes of findings of one text, safe ones only unless `unsafe` is asked for. Where two fixes touch the same
 * place the first in order wins; linting the result again offers the other.
 */
export function applyFixes(text: string, findings: readonly Finding[], { unsafe = false } = {}): FixedText {
  const taken: TextEdit[] = [];
  const fixed: Finding[] = [];
  for (const finding of findings) {
    const { fix } = finding;
    if (fix === undefined || (fix.safety === 'unsafe' && !unsafe)) continue;
    const known = fix.edits.filter((edit) => taken.some((one) => sameEdit(one, edit)));
    const fresh = fix.edits.filter((edit) => !known.includes(edit));
    if (fresh.some((edit) => taken.some((one) => collide(one, edit)))) continue;
    taken.push(...fresh);
    fixed.push(finding);
  }
  return { text: applyEdits(text, taken), fixed };
}

function sameEdit(a: TextEdit, b: TextEdit): boolean {
  return a.span.start === b.span.start && a.span.end === b.span.end && a.text === b.text;
}

/** Edits that touch are kept apart as well: two insertions at one place seldom mean to stand side by side. */
function collide(a: TextEdit, b: TextEdit): boolean {
  return overlaps(a.span, b.span) || (a.span.start === b.span.start && (a.span.start === a.span.end || b.span.start === b.span.end));
}
