import type { Cancellation, Log } from '../host.js';
import { type Finding, lint } from '../lint/index.js';
import type { RelatedPlace, Severity, Span } from '../text/index.js';
import { type Snapshot, isEvaluated } from '../workspace/index.js';

export interface DiagnosticsOptions {
  /** False: only what rpm itself would say. */
  readonly isLinted: boolean;
  readonly cancellation: Cancellation;
  readonly log: Log;
}

/** Something wrong with the text, as an editor shows it. */
export interface EditorProblem {
  readonly span: Span;
  readonly severity: Severity;
  /** The rule's id. */
  readonly code: string;
  /** What is wrong in the first line, then what to do about it. */
  readonly message: string;
  readonly related: readonly RelatedPlace[];
}

/** Findings of a snapshot are asked for by diagnostics and then by code actions. */
const findingsKey = Symbol('findings');

/** What the linter finds in a snapshot; found once. */
export function findingsOf(snapshot: Snapshot, { cancellation, log }: Pick<DiagnosticsOptions, 'cancellation' | 'log'>): readonly Finding[] {
  // Rules judge what the spec means; where that is unknown they would judge an empty spec.
  return snapshot.memo(findingsKey, () => (isEvaluated(snapshot.evaluation) ? lint(snapshot, { cancellation, log, isTyped: true }) : []));
}

/** What is wrong with the text, in the order of its lines. */
export function diagnostics(snapshot: Snapshot, options: DiagnosticsOptions): readonly EditorProblem[] {
  if (!isEvaluated(snapshot.evaluation)) return snapshot.tree.errors().map(({ span, severity, code, message, related = [] }) => ({ span, severity, code, message, related }));
  const findings = findingsOf(snapshot, options);
  return findings
    .filter(({ group }) => options.isLinted || group === 'rpm')
    .map(({ rule, severity, message, help, span, related, targets }) => {
      const labels = targets.map((id) => snapshot.evaluations.find(({ target }) => target.id === id)?.target.label ?? id);
      const only = labels.length === 0 ? '' : ` (${labels.join(', ')})`;
      return { span, severity, code: rule, message: `${message}${only}\n${help}`, related };
    });
}
