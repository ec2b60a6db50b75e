import type { Decision } from '../lock/decision.js';
import type { LockDifference, PatchDecisions } from '../lock/lockPatches.js';
import type { ClaimAnswer, PatchTrace, Relation } from '../verdict.js';

/** A trace with what the spec and people say of the patch. */
export interface ReportedPatch {
  readonly trace: PatchTrace;
  /** False for a patch that the spec declares and never applies; undefined without a spec. */
  readonly applied: boolean | undefined;
  /** What people decided about it; undefined where nobody did. */
  readonly decisions: PatchDecisions | undefined;
}

/** What was found out about the patches of a package, for reports. */
export interface TraceReport {
  readonly package: { readonly name: string | undefined; readonly version: string | undefined; readonly spec: string | undefined };
  readonly patches: readonly ReportedPatch[];
  /** How the patches differ from their lock; undefined where nobody asked. */
  readonly differences: readonly LockDifference[] | undefined;
}

/** Raised when a field of the report changes its meaning; each trace has a version of its own. */
export const REPORT_FORMAT = 1;

/** Counts of relations and claims, for people who look for a change of them. */
export interface TraceSummary {
  readonly patches: number;
  readonly missing: number;
  readonly relations: Partial<Readonly<Record<Relation, number>>>;
  readonly claims: Partial<Readonly<Record<ClaimAnswer, number>>>;
}

/** A trace as the JSON report has it. */
export interface PatchJson extends PatchTrace {
  readonly applied?: boolean;
  /** One for each change; null for a change that nobody decided about. */
  readonly decisions?: readonly (Decision | null)[];
}

/** The JSON report; `schemas/trace.schema.json` describes it. */
export interface ReportJson {
  readonly format: typeof REPORT_FORMAT;
  readonly package: TraceReport['package'];
  readonly summary: TraceSummary;
  readonly patches: readonly PatchJson[];
  readonly differences?: readonly LockDifference[];
}

export function traceJson(report: TraceReport): string {
  const json: ReportJson = {
    format: REPORT_FORMAT,
    package: report.package,
    summary: summaryOf(report),
    patches: report.patches.map(({ trace, applied, decisions }) => ({ ...trace, ...(applied === undefined ? {} : { applied }), ...(decisions === undefined ? {} : { decisions: decisions.changes.map((decision) => decision ?? null) }) })),
    ...(report.differences === undefined ? {} : { differences: report.differences }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

export function summaryOf({ patches }: Pick<TraceReport, 'patches'>): TraceSummary {
  const count = <K extends string>(keys: readonly K[]): Partial<Record<K, number>> => {
    const counts: Partial<Record<K, number>> = {};
    for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
    return counts;
  };
  const there = patches.filter(({ trace }) => trace.blob !== undefined);
  return { patches: patches.length, missing: patches.length - there.length, relations: count(there.map(({ trace }) => trace.relation)), claims: count(there.map(({ trace }) => trace.claim)) };
}
