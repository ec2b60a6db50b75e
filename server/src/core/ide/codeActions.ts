import { applyFixes } from '../lint/index.js';
import { type Span, type TextEdit, overlaps } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';
import { type DiagnosticsOptions, findingsOf } from './diagnostics.js';

export interface CodeAction {
  readonly title: string;
  readonly kind: 'fix' | 'suppress' | 'fix-all';
  /** Whether it may be applied unseen. */
  readonly isSafe: boolean;
  readonly edits: readonly TextEdit[];
  /** The finding it is about: place and rule; undefined for one that is about all. */
  readonly about: { readonly span: Span; readonly code: string } | undefined;
}

/** What can be done about the findings within a span. */
export function codeActions(snapshot: Snapshot, within: Span, options: Pick<DiagnosticsOptions, 'cancellation' | 'log'>): readonly CodeAction[] {
  const actions: CodeAction[] = [];
  const suppressed = new Set<string>();
  for (const { rule, span, fix, group } of findingsOf(snapshot, options)) {
    const touches = overlaps(span, within) || (within.start <= span.end && span.start <= within.end);
    if (!touches) continue;
    const about = { span, code: rule };
    if (fix !== undefined) actions.push({ title: fix.title, kind: 'fix', isSafe: fix.safety === 'safe', edits: fix.edits, about });
    const line = snapshot.lines.lineAt(span.start);
    // What rpm refuses is refused whatever a comment says.
    if (rule === 'rpm-error' || group === 'rpm' || suppressed.has(`${rule} ${line}`)) continue;
    suppressed.add(`${rule} ${line}`);
    actions.push({ title: `Ignore ${rule} on this line`, kind: 'suppress', isSafe: true, edits: [suppression(snapshot, line, rule)], about });
  }
  return actions;
}

/** All safe fixes at once, as one edit for each stretch that changes; undefined where there is nothing to fix. */
export function fixAll(snapshot: Snapshot, options: Pick<DiagnosticsOptions, 'cancellation' | 'log'>): CodeAction | undefined {
  const { text, fixed } = applyFixes(snapshot.text, findingsOf(snapshot, options));
  if (fixed.length === 0 || text === snapshot.text) return undefined;
  return { title: fixed.length === 1 ? fixed[0]!.fix!.title : `Apply ${fixed.length} safe fixes`, kind: 'fix-all', isSafe: true, edits: lineEdits(snapshot.text, text), about: undefined };
}

/** A comment above the line, or a rule more in the one that is there. */
function suppression({ text, lines }: Snapshot, line: number, rule: string): TextEdit {
  const above = line > 0 ? lines.lineSpan(line - 1) : undefined;
  const before = above === undefined ? '' : text.slice(above.start, above.end).trimEnd();
  const known = /^\s*#\s*spectrail:\s*ignore\s+[\w-]+(?:[\s,]+[\w-]+)*?(?=\s+--\s|\s*$)/.exec(before);
  if (above !== undefined && known !== null) {
    const at = above.start + known[0].length;
    return { span: { start: at, end: at }, text: `, ${rule}` };
  }
  const start = lines.lineStart(line);
  return { span: { start, end: start }, text: `# spectrail: ignore ${rule}\n` };
}

/** One edit from the first line that differs to the last: fixes are few and lie close, and the editor keeps the cursor. */
function lineEdits(before: string, after: string): TextEdit[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  return [{ span: { start, end: before.length - tail }, text: after.slice(start, after.length - tail) }];
}
