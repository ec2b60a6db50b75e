import type { ClaimAnswer, Relation } from '../verdict.js';

/**
 * What a person settled about a change. `ours`: it comes from nowhere else, on purpose; `accepted`: it is not what upstream
 * has, and was looked at; `waived`: it is known to be wrong, and that is borne with until a date.
 */
export type DecisionKind = 'ours' | 'accepted' | 'waived';

export const decisionKinds: readonly DecisionKind[] = ['ours', 'accepted', 'waived'];

export interface Decision {
  readonly kind: DecisionKind;
  /** Why, in the person's words; never empty. */
  readonly reason: string;
  /** Who answers for it: `Name <address>`, as git writes people. */
  readonly owner: string;
  /** When it was made, as `2026-11-25`. */
  readonly date: string;
  /** The last day on which a waiver holds; undefined for the other kinds, which hold as long as the change is the same. */
  readonly until: string | undefined;
  /** The verdict that the person had before them; undefined where the change had not been traced yet. */
  readonly about: { readonly relation: Relation; readonly claim: ClaimAnswer } | undefined;
}

/** What is wrong with a decision that somebody wants to record, as a sentence; undefined where it may stand. */
export function decisionError({ kind, reason, owner, date, until }: Omit<Decision, 'about'>): string | undefined {
  if (reason.trim() === '') return 'A decision wants a reason: who reads it later must be able to judge whether it still holds.';
  if (owner.trim() === '') return 'A decision wants an owner: somebody who answers for it.';
  if (!isDay(date)) return `'${date}' is no date; dates are written as 2026-11-25.`;
  if (kind !== 'waived') return until === undefined ? undefined : 'Only a waiver ends on a date.';
  if (until === undefined) return 'A waiver wants the date on which it ends.';
  if (!isDay(until)) return `'${until}' is no date; dates are written as 2026-11-25.`;
  return until < date ? `A waiver until ${until} would have ended already.` : undefined;
}

/** Whether the decision still holds on a day. */
export function isInForce({ until }: Decision, today: string): boolean {
  return until === undefined || today <= until;
}

/** Whether a text is a day of the calendar, written as `2026-11-25`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dayOf(time) === text;
}

/** The day, in UTC, of a moment in milliseconds since 1970-01-01 UTC. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Decisions in the words of a report. */
export const decisionWords: Readonly<Record<DecisionKind, string>> = { ours: 'ours on purpose', accepted: 'accepted as it is', waived: 'waived' };
