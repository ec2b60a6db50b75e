import type { LineIndex, RelatedPlace, Severity, Span, TextEdit } from '../text/index.js';
import { severityRank } from '../text/index.js';
import type { RuleGroup } from './rule.js';

/** One finding of one rule, worded, as plain data. */
export interface Finding {
  readonly rule: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  /** What, why, what to do: full sentences. */
  readonly message: string;
  readonly why: string;
  readonly help: string;
  readonly span: Span;
  readonly related: readonly RelatedPlace[];
  /** Ids of the targets it holds for, when it does not hold for all that were looked at; else empty. */
  readonly targets: readonly string[];
  readonly fix: FindingFix | undefined;
}

export interface FindingFix {
  readonly safety: 'safe' | 'unsafe';
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Order in which findings are shown: by place, then the worse first, then by rule. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    a.span.start - b.span.start ||
    severityRank[b.severity] - severityRank[a.severity] ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0) ||
    a.span.end - b.span.end ||
    (a.message < b.message ? -1 : a.message > b.message ? 1 : 0)
  );
}

/**
 * A name for each finding that stays the same when other lines come or go: made of the rule, the text of the line without
 * its white space, and a count among equal ones. Sixteen hexadecimal digits.
 */
export function fingerprints(findings: readonly Finding[], text: string, lines: LineIndex): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, span }) => {
    const { start, end } = lines.lineSpan(lines.lineAt(span.start));
    const key = `${rule}\0${text.slice(start, end).replace(/\s+/g, '')}`;
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return hash(`${key}\0${count}`);
  });
}

/** FNV-1a over UTF-16 units, 64 bits: no secret is kept by it, it only has to be stable everywhere. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return value.toString(16).padStart(16, '0');
}
