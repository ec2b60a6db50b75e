import type { Span } from './span.js';

/** How much a problem matters; the words are the protocol's. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** Orders severities: the larger, the worse. */
export const severityRank: Readonly<Record<Severity, number>> = { hint: 0, information: 1, warning: 2, error: 3 };

/** Another place that helps to understand a problem, in the same text. */
export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}

/** Something wrong with a text. Problems are values: reading a bad text gives a result and its problems, never a throw. */
export interface Problem {
  /** Stable name of the kind of problem, for tests, settings and suppression; never shown alone. */
  readonly code: string;
  readonly severity: Severity;
  /** A sentence for a person; where rpm has words for it, rpm's. */
  readonly message: string;
  readonly span: Span;
  readonly related?: readonly RelatedPlace[];
}
